"""Train the encoder of positions: a sentence -> kinds, issues, and for each word who holds and whom it is directed at.

    python training/train_positions.py GOLD.tsv [GOLD.tsv …] OUT_DIR [--dev 0.1] [--epochs 6] [--frozen 3]

GOLD.tsv are sets as `communique evaluate positions` reads them. OUT_DIR gets positions.onnx and positions.json for
src/communique/data/models. With --dev that share of the first set's sentences is not trained on and listed in dev.txt.

The encoder is MiniLM-L6. Kinds are read off the mean of all pieces and the first; issues off the mean, by likeness to
one vector an issue, which starts as the mean of what the untrained encoder gives for the issue's name, definition and
keys and for the sentences on it (Snell, Swersky and Zemel 2017, "Prototypical Networks"); roles off each piece that
names a side. All are asked yes or no (several may hold). Some of the codebook's keys are shown as sentences of their
own at each pass, for the issues alone. The lowest layers stay as they are: what they give is computed once.

Needs training/requirements.txt and the package itself; the package never imports torch.
"""

import argparse
import json
import pickle
import random
import re
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from communique.actors import resolve
from communique.attribution import attribute
from communique.coding.evaluate_positions import KINDS as KNOWN_KINDS
from communique.coding.evaluate_positions import read_sentences
from communique.coding.issue_codebook import load_issues, read_key
from communique.coding.position_encoder import FIRST_KIND, HOLDER, TARGET
from communique.coding.position_weighing import named_sides
from communique.coding.sides import Sides
from communique.parsing import parse_document
from communique.records import Document
from communique.settings import load_settings
from lighten import lighten
from split_encoder import SplitEncoder, default_base, padded

KINDS = sorted(KNOWN_KINDS)
LIMIT = 96
SCALE, BIAS = 14.0, -7.0  # of the likeness to an issue's vector, before training
QUOTED = re.compile(r'^["“]([^"”]{30,})[,.!]["”]')
bce = nn.functional.binary_cross_entropy_with_logits


class Reader(SplitEncoder):
    """forward gives logits of kinds, issues and roles; `lower` and `upper` are its halves, split behind `frozen`."""

    def __init__(self, base, issues, frozen, layers=None):
        super().__init__(base, frozen, layers=layers)
        size = self.encoder.config.hidden_size
        self.kinds = nn.Linear(2 * size, len(KINDS))
        self.issues = nn.Linear(size, issues)
        self.scale = nn.Parameter(torch.tensor(SCALE))
        self.roles = nn.Linear(size, FIRST_KIND + len(KINDS))
        nn.init.constant_(self.kinds.bias, -2)
        nn.init.constant_(self.issues.bias, BIAS)
        nn.init.constant_(self.roles.bias, -2)

    def upper(self, hidden, attention_mask):
        hidden, mean = self.encoded(hidden, attention_mask)
        kinds = self.kinds(self.dropout(torch.cat([mean, hidden[:, 0]], -1)))
        near = nn.functional.normalize(self.dropout(mean), dim=-1)
        issues = self.scale * nn.functional.linear(near, self.issues.weight) + self.issues.bias
        return kinds, issues, self.roles(self.dropout(hidden))

    def forward(self, input_ids, attention_mask):
        return self.upper(self.lower(input_ids, attention_mask), attention_mask)


def read_gold(paths):
    """Sentences with their positions and the sides that our own reading of actors finds in them."""
    settings = load_settings()
    rows = []
    for path in paths:
        for sentence, expected in read_sentences(path):
            document = Document(id="gold", text=sentence, published="2025-06-01")
            parse = parse_document(document, settings.spacy_model)
            resolution = resolve(parse, attribute(parse, settings.tagger))
            sides = Sides(parse, resolution, frozenset())
            names = [
                (parse.tokens[n.first].start, parse.tokens[n.last].end, n.side, n.target)
                for k in range(len(parse.sentences))
                for n in named_sides(k, sides)
            ]
            rows.append({"of": sentence, "text": sentence, "gold": sorted(expected, key=repr), "names": names})
            quoted = QUOTED.match(sentence)
            if quoted and len({e.actor for e in expected}) == 1:  # what is said, without who says it
                rows.append({"of": sentence, "text": quoted[1] + ".", "gold": rows[-1]["gold"], "names": []})
    return rows


def key_rows():
    """Names, definitions and keys of the issues as texts of their own."""
    rows = []
    for issue in load_issues().issues.values():
        keys = [read_key(k) for k in issue.keys]
        plain = (
            " ".join(w.split("/")[0].rstrip("?") for w in k.pattern.split() if w[0] != "{")
            for k in keys
            if not k.blocks
        )
        for text in (issue.name, issue.definition, f"{issue.name}: {issue.definition}", *plain):
            if len(text) > 2:
                rows.append({"text": text, "issue": issue.id, "names": []})
    return rows


def label(rows, tokenizer, issues):
    """Give each row its pieces and what they should be read as."""
    place = {issue: n for n, issue in enumerate(issues)}
    for row in rows:
        encoding = tokenizer.encode(row["text"])
        row["ids"] = encoding.ids
        row["kinds"] = np.zeros(len(KINDS), dtype=np.float32)
        row["issues"] = np.zeros(len(issues), dtype=np.float32)
        row["roles"] = np.zeros((len(encoding.ids), FIRST_KIND + len(KINDS)), dtype=np.float32)
        row["asked"] = np.zeros(len(encoding.ids), dtype=np.float32)
        named = {row["issue"]} if "issue" in row else {i for e in row["gold"] for i in e.issues}
        row["issues"][[place[i] for i in named]] = 1
        held = {}
        for e in row.get("gold", ()):
            row["kinds"][KINDS.index(e.kind)] = 1
            held.setdefault(e.actor, set()).add(KINDS.index(e.kind))
        targets = {t for e in row.get("gold", ()) for t in e.targets}
        for start, end, side, target in row["names"]:
            here = [n for n, (a, b) in enumerate(encoding.offsets) if a < end and b > start and b > a]
            row["asked"][here] = 1
            mine = held.get(side, held.get(target, ()))
            for n in here:
                row["roles"][n, HOLDER] = bool(mine)
                row["roles"][n, TARGET] = target in targets
                row["roles"][n, [FIRST_KIND + k for k in mine]] = 1


def labels(rows, key):
    return padded([torch.tensor(r[key]) for r in rows])[0]


def states(rows):
    return padded([r["state"] for r in rows])


@torch.no_grad()
def freeze(model, rows):
    """Compute what the lower layers give once for all."""
    model.eval()
    order = sorted(rows, key=lambda r: len(r["ids"]))
    for start in range(0, len(order), 64):
        batch = order[start : start + 64]
        ids, mask = padded([torch.tensor(r["ids"]) for r in batch])
        for row, hidden in zip(batch, model.lower(ids, mask), strict=True):
            row["state"] = hidden[: len(row["ids"])].clone()


@torch.no_grad()
def start_issues(model, rows):
    """Set each issue's vector to the mean of the texts on it; a sentence weighs as much as three keys."""
    total = torch.zeros_like(model.issues.weight)
    order = sorted((r for r in rows if r["issues"].any()), key=lambda r: len(r["ids"]))
    for start in range(0, len(order), 64):
        batch = order[start : start + 64]
        for row, mean in zip(batch, model.encoded(*states(batch))[1], strict=True):
            weight = (1.0 if "issue" in row else 3.0) / row["issues"].sum()
            for n in np.nonzero(row["issues"])[0]:
                total[n] += weight * nn.functional.normalize(mean, dim=-1)
    model.issues.weight.copy_(nn.functional.normalize(total - total.mean(0) / 2, dim=-1))


def losses(model, batch):
    """Of kinds, issues and roles; keys are asked for their issue alone."""
    kinds, issues, roles = model.upper(*states(batch))
    real = torch.tensor([float("issue" not in r) for r in batch])
    asked = labels(batch, "asked")
    by_kind = bce(kinds, torch.tensor(np.stack([r["kinds"] for r in batch])), reduction="none").sum(-1)
    by_issue = bce(issues, torch.tensor(np.stack([r["issues"] for r in batch])), reduction="none").sum(-1)
    by_role = bce(roles, labels(batch, "roles"), reduction="none")
    if all("taught" in r for r in batch if "issue" not in r):  # half by the labels, half by the teacher
        taught = [r["taught"] if "taught" in r else (r["kinds"], r["issues"]) for r in batch]
        by_kind = by_kind / 2 + bce(kinds, torch.tensor(np.stack([t[0] for t in taught])), reduction="none").sum(-1) / 2
        by_issue = (
            by_issue / 2 + bce(issues, torch.tensor(np.stack([t[1] for t in taught])), reduction="none").sum(-1) / 2
        )
        rows = [{"ids": r["ids"], "roles": r.get("taught_roles", r["roles"])} for r in batch]
        by_role = by_role / 2 + bce(roles, labels(rows, "roles"), reduction="none") / 2
    by_role = by_role[..., :FIRST_KIND].sum(-1) + by_role[..., FIRST_KIND:].sum(-1) / 2
    return (
        (by_kind * real).sum() / real.sum().clamp(min=1) / 3
        + by_issue.mean() / 5
        + (by_role * asked).sum() / asked.sum().clamp(min=1)
    )


def started(options, rows, keys, issues):
    """A model to train: MiniLM, or with --start some layers of one that is trained, whose answers are learned too."""
    if options.start is None:
        model = Reader(options.base, len(issues), options.frozen)
        freeze(model, rows + keys)
        start_issues(model, rows + keys)
        return model
    teacher = Reader(options.base, len(issues), 0)
    teacher.load_state_dict(torch.load(options.start))
    freeze(teacher, rows)
    teach(teacher, rows)
    model = Reader(options.base, len(issues), options.frozen, layers=options.layers)
    kept = {n: v for n, v in teacher.state_dict().items() if ".layer." not in n}
    for new, old in enumerate(options.layers):
        place = f"encoder.encoder.layer.{old}."
        kept |= {
            n.replace(place, f"encoder.encoder.layer.{new}."): v for n, v in teacher.state_dict().items() if place in n
        }
    model.load_state_dict(kept)
    freeze(model, rows + keys)
    return model


@torch.no_grad()
def teach(teacher, rows):
    """Keep the teacher's probabilities beside the labels."""
    order = sorted(rows, key=lambda r: len(r["ids"]))
    for start in range(0, len(order), 64):
        batch = order[start : start + 64]
        kinds, issues, roles = teacher.upper(*states(batch))
        for n, row in enumerate(batch):
            row["taught"] = [x[n].sigmoid().numpy() for x in (kinds, issues)]
            row["taught_roles"] = roles[n, : len(row["ids"])].sigmoid().numpy()


def train(rows, keys, options, issues):
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    model = started(options, rows, keys, issues)
    parameters = [p for p in model.parameters() if p.requires_grad]
    heads = [*model.kinds.parameters(), *model.issues.parameters(), *model.roles.parameters(), model.scale]
    rest = [p for p in parameters if all(p is not h for h in heads)]
    optimizer = torch.optim.AdamW([{"params": rest}, {"params": heads}], lr=options.rate, weight_decay=0.01)
    shown = min(options.keys, len(keys))
    steps = -(-(len(rows) + shown) // options.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [options.rate, options.head_rate], total_steps=steps * options.epochs, pct_start=0.1
    )
    for epoch in range(options.epochs):
        start, total = time.time(), 0.0
        model.train()
        order = sorted(rows + rng.sample(keys, shown), key=lambda r: len(r["ids"]) + rng.random() * 6)
        batches = [order[n : n + options.batch] for n in range(0, len(order), options.batch)]
        rng.shuffle(batches)
        for batch in batches:
            loss = losses(model, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += loss.item()
        print(f"epoch {epoch + 1} loss {total / len(batches):.3f} in {time.time() - start:.0f} s", flush=True)
    return model.eval()


def export(model, issues, out, tokenizer):
    """Write positions.onnx (int8) and positions.json to the folder `out`."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    ids = torch.tensor([tokenizer.encode("Norway warned Chad again.").ids])
    full, exported = out / "positions_fp32.onnx", out / "positions_int8.onnx"
    torch.onnx.export(
        model,
        (ids, torch.ones_like(ids)),
        str(full),
        input_names=["input_ids", "attention_mask"],
        output_names=["kinds", "issues", "roles"],
        dynamic_axes={n: {0: "batch", 1: "piece"} for n in ("input_ids", "attention_mask", "roles")}
        | {n: {0: "batch"} for n in ("kinds", "issues")},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(str(full), str(exported), weight_type=QuantType.QInt8)
    heads = {k: v.detach().numpy() for k, v in model.state_dict().items() if not k.startswith("encoder.")}
    np.savez(exported.with_suffix(".npz"), **heads)
    lighten("positions", exported, out / "positions.onnx")
    described = {"kinds": KINDS, "issues": issues, "limit": LIMIT}
    (out / "positions.json").write_text(json.dumps(described), encoding="utf8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", default=str(default_base()))
    parser.add_argument("--dev", type=float, default=0.0)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--head-rate", type=float, default=2e-3)
    parser.add_argument("--frozen", type=int, default=3, help="lowest layers that are not trained")
    parser.add_argument("--keys", type=int, default=2000, help="keys of the codebook shown at each pass")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, help="positions.pt of a trained model of six layers, to learn from")
    parser.add_argument("--layers", type=lambda t: [int(n) for n in t.split(",")], help="layers of it to start from")
    parser.add_argument("--cache", type=Path, help="file that keeps the sentences as they were read")
    options = parser.parse_args()
    torch.set_flush_denormal(True)  # else a step takes ten times as long towards the end
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(Path(options.base) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LIMIT)
    issues = sorted(load_issues().issues)
    if options.cache and options.cache.exists():
        rows = pickle.loads(options.cache.read_bytes())
    else:
        rows = read_gold(options.gold)
    if options.cache:
        options.cache.write_bytes(pickle.dumps(rows))
    keys = key_rows()
    held = {s for s, _ in read_sentences(options.gold[0]) if random.Random(s).random() < options.dev}
    (options.out / "dev.txt").write_text("\n".join(sorted(held)), encoding="utf8")
    rows = [r for r in rows if r["of"] not in held]
    label(rows, tokenizer, issues)
    label(keys, tokenizer, issues)
    model = train(rows, keys, options, issues)
    torch.save(model.state_dict(), options.out / "positions.pt")
    export(model, issues, options.out, tokenizer)


if __name__ == "__main__":
    main()
