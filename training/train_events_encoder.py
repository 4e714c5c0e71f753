"""Train the encoder of the event classes: a sentence with marked source and target -> PLOVER class, as int8 ONNX.

    python training/train_events_encoder.py GOLD.tsv OUT_DIR [--folds 5] [--epochs 6] [--frozen 4] [--base DIR]

GOLD.tsv has columns marked_sentence (<s>…</s>, <t>…</t>) and plover. With --folds the rows are split into that many
parts (the folds of train_events.py), each is predicted by a model that saw only the others and our own examples;
OUT_DIR gets folds.npz (log probabilities) and the scores are printed. Without it a model of everything is written:
OUT_DIR gets events.onnx and events.json for src/communique/data/models.

The encoder is MiniLM-L6; the source stands between "@", the target between "#"; the class is read off the mean of all
pieces and the two opening marks (Baldini Soares et al. 2019, "Matching the Blanks"; Zhou and Chen 2022 on marks). The
lowest layers stay as they are, so that what they give for the gold sentences is computed once: 80 seconds a run on two
cores. Gold that says YIELD is taken as CONCEDE or RETREAT: the loss sums their probabilities.

Needs training/requirements.txt; the package itself never imports torch.
"""

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from communique.coding.features import marked
from lighten import lighten
from split_encoder import SplitEncoder, default_base, padded
from train_events import PARTS, grouped, macro_f1, read_examples, read_gold, split

LIMIT = 128


class Classifier(SplitEncoder):
    """forward gives one logit a class; `lower` and `upper` are its two halves, split behind `frozen` layers."""

    def __init__(self, base, classes, frozen=0, dropout=0.15):
        super().__init__(base, frozen, dropout)
        self.head = nn.Linear(3 * self.encoder.config.hidden_size, classes)

    def upper(self, hidden, attention_mask, source, target):
        hidden, mean = self.encoded(hidden, attention_mask)
        rows = torch.arange(hidden.shape[0])
        features = torch.cat([mean, hidden[rows, source], hidden[rows, target]], -1)
        return self.head(self.dropout(features))

    def forward(self, input_ids, attention_mask, source, target):
        return self.upper(self.lower(input_ids, attention_mask), attention_mask, source, target)


def load_tokenizer(base):
    tokenizer = Tokenizer.from_file(str(Path(base) / "tokenizer.json"))
    tokenizer.enable_truncation(LIMIT)
    tokenizer.no_padding()
    return tokenizer


def encode(tokenizer, sentences):
    """(pieces, index of the source's mark, index of the target's mark) a sentence; absent marks point at [CLS]."""
    texts = [marked(*sentence) for sentence in sentences]
    found = []
    for encoding, (_, source, target) in zip(tokenizer.encode_batch([t[0] for t in texts]), texts, strict=True):
        place = [encoding.char_to_token(p) or 0 if p >= 0 else 0 for p in (source, target)]
        found.append((encoding.ids, *place))
    return found


def tensors(batch):
    return *padded([torch.tensor(ids) for ids, _, _ in batch]), *marks(batch)


def marks(batch):
    return torch.tensor([s for _, s, _ in batch]), torch.tensor([t for _, _, t in batch])


def truth(names, classes):
    """One row a sentence: 1 for each class that the gold label allows."""
    allowed = torch.zeros(len(names), len(classes))
    for row, name in enumerate(names):
        for column in [classes.index(c) for c in PARTS.get(name, (name,))]:
            allowed[row, column] = 1
    return allowed


def loss_of(logits, allowed, smoothing):
    logp = logits.log_softmax(-1)
    right = (logp + (1 - allowed) * -1e4).logsumexp(-1)
    return -((1 - smoothing) * right + smoothing * logp.mean(-1))


@torch.no_grad()
def lower_of(model, tokenizer, texts):
    """What the frozen layers give: (states, index of the source's mark, of the target's) a text."""
    model.eval()
    encoded = encode(tokenizer, texts)
    found = [None] * len(texts)
    order = sorted(range(len(texts)), key=lambda i: len(encoded[i][0]))
    for start in range(0, len(order), 32):
        batch = order[start : start + 32]
        input_ids, attention, _, _ = tensors([encoded[i] for i in batch])
        hidden = model.lower(input_ids, attention)
        for row, i in enumerate(batch):
            found[i] = (hidden[row, : len(encoded[i][0])].to(torch.bfloat16), encoded[i][1], encoded[i][2])
    model.train()
    return found


def train(gold, base, classes, options, seed):
    torch.manual_seed(seed)
    draw = random.Random(seed)
    tokenizer = load_tokenizer(base)
    fillings = [read_examples(options.own, seed=1000 * seed + epoch) for epoch in range(options.epochs)]
    model = Classifier(base, len(classes), options.frozen)
    body = [p for n, p in model.named_parameters() if not n.startswith("head") and p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": options.rate}, {"params": model.head.parameters(), "lr": options.head_rate}],
        weight_decay=0.01,
    )
    per_epoch = (len(gold) + len(fillings[0])) // options.batch + 1
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [options.rate, options.head_rate], total_steps=per_epoch * options.epochs + 8, pct_start=0.15
    )
    kept = lower_of(model, tokenizer, [s for s, _ in gold])
    model.train()
    for epoch in range(options.epochs):
        own = fillings[epoch]
        states = kept + lower_of(model, tokenizer, [s for s, _ in own])
        labels = [name for _, name in [*gold, *own]]
        # sort within chunks of eight batches: little padding, yet batches differ from epoch to epoch
        rows = list(range(len(labels)))
        draw.shuffle(rows)
        order, chunk = [], options.batch * 8
        for start in range(0, len(rows), chunk):
            order += sorted(rows[start : start + chunk], key=lambda i: len(states[i][0]))
        batches = [order[i : i + options.batch] for i in range(0, len(order), options.batch)]
        draw.shuffle(batches)
        total = 0.0
        for batch in batches:
            inputs = *padded([states[i][0].float() for i in batch]), *marks([states[i] for i in batch])
            allowed = truth([labels[i] for i in batch], classes)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model.upper(*inputs)
            logits = logits.float()
            loss = loss_of(logits, allowed, options.smoothing).mean()
            if options.rdrop:
                with torch.autocast("cpu", dtype=torch.bfloat16):
                    again = model.upper(*inputs)
                again = again.float()
                p, q = logits.log_softmax(-1), again.log_softmax(-1)
                loss = (loss + loss_of(again, allowed, options.smoothing).mean()) / 2
                loss = loss + options.rdrop * 0.5 * (
                    nn.functional.kl_div(p, q, log_target=True, reduction="batchmean")
                    + nn.functional.kl_div(q, p, log_target=True, reduction="batchmean")
                )
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += loss.item()
        if options.verbose:
            print(f"  seed {seed} epoch {epoch + 1} loss {total / len(batches):.3f}", flush=True)
    return model.eval(), tokenizer


@torch.no_grad()
def predict(model, tokenizer, texts):
    """Log probabilities, one row a text."""
    encoded = encode(tokenizer, texts)
    order = sorted(range(len(texts)), key=lambda i: len(encoded[i][0]))
    found = np.zeros((len(texts), model.head.out_features), dtype=np.float32)
    for start in range(0, len(order), 32):
        batch = order[start : start + 32]
        found[batch] = model(*tensors([encoded[i] for i in batch])).log_softmax(-1).numpy()
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gold")
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", default=str(default_base()))
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--only", type=int, default=None, help="run only this fold")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--own", type=int, default=1, help="copies of our own examples an epoch, filled anew")
    parser.add_argument("--smoothing", type=float, default=0.05)
    parser.add_argument("--frozen", type=int, default=4, help="lowest layers that are not trained")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rdrop", type=float, default=0.0)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    gold = read_gold(options.gold)
    names = sorted({name for _, name in gold})
    classes = sorted({name for _, name in read_examples(1)})
    if options.folds:
        cross_validate(gold, names, classes, options)
    else:
        export(gold, classes, options)


def cross_validate(gold, names, classes, options):
    place = split(gold, options.folds)
    logp = np.full((len(gold), len(classes)), np.nan, dtype=np.float32)
    for fold in range(options.folds):
        if options.only is not None and fold != options.only:
            continue
        start = time.time()
        held = [i for i, p in enumerate(place) if p == fold]
        rest = [row for i, row in enumerate(gold) if place[i] != fold]
        found = []
        for seed in range(options.seeds):
            model, tokenizer = train(rest, options.base, classes, options, seed)
            found.append(predict(model, tokenizer, [gold[i][0] for i in held]))
        logp[held] = np.mean(found, axis=0)
        said = [names[i] for i in grouped(logp[held], classes, names).argmax(1)]
        right = np.mean([a == gold[i][1] for a, i in zip(said, held, strict=True)])
        score, _ = macro_f1([gold[i][1] for i in held], said, names)
        print(f"fold {fold}: accuracy {right:.3f} macro F1 {score:.3f} in {time.time() - start:.0f} s", flush=True)
    np.savez(options.out / "folds.npz", logp=logp, classes=classes, place=place)
    done = [i for i in range(len(gold)) if not np.isnan(logp[i, 0])]
    said = [names[i] for i in grouped(logp[done], classes, names).argmax(1)]
    true = [gold[i][1] for i in done]
    score, each = macro_f1(true, said, names)
    print(f"all: accuracy {np.mean([a == b for a, b in zip(true, said, strict=True)]):.4f} macro F1 {score:.4f}")
    print(" ".join(f"{n} {s:.2f}" for n, s in each.items()))


def export(gold, classes, options):
    from onnxruntime.quantization import QuantType, quantize_dynamic

    models = [train(gold, options.base, classes, options, seed) for seed in range(options.seeds)]
    model, tokenizer = models[0]
    if len(models) > 1:  # a weight average of runs from the same start keeps the size of one model
        states = [m.state_dict() for m, _ in models]
        model.load_state_dict(
            {k: torch.stack([s[k].float() for s in states]).mean(0).to(states[0][k].dtype) for k in states[0]}
        )
    model.eval()
    sample = tensors(
        encode(tokenizer, [("Norway met Chad.", ((0, 6),), ((11, 15),)), ("Peru thanked Mali again.", ((0, 4),), ())])
    )
    full = options.out / "events_fp32.onnx"
    torch.onnx.export(
        model,
        sample,
        str(full),
        input_names=["input_ids", "attention_mask", "source", "target"],
        output_names=["logits"],
        dynamic_axes={n: {0: "batch", 1: "piece"} for n in ("input_ids", "attention_mask")}
        | {n: {0: "batch"} for n in ("source", "target", "logits")},
        opset_version=17,
        dynamo=False,
    )
    exported = options.out / "events_int8.onnx"
    quantize_dynamic(str(full), str(exported), weight_type=QuantType.QInt8)
    lighten("events", exported, options.out / "events.onnx")
    (options.out / "events.json").write_text(json.dumps({"classes": classes, "limit": LIMIT}), encoding="utf8")
    torch.save(model.state_dict(), options.out / "events.pt")


if __name__ == "__main__":
    main()
