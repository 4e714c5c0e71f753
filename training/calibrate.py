"""Fit the tagger's confidence to how often it is right, on documents that it was not trained on.

    python training/calibrate.py GOLD.jsonl --only holdout.txt [--model tagger.onnx]

Writes tagger.json beside the model: the knots of a non-decreasing line from raw confidence to the share of right
attributions (isotonic regression by pooling adjacent violators; Ayer et al., 1955), which the package reads.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from communique.attribution import attribute, evaluate
from communique.parsing import parse_document
from communique.records import Document
from communique.settings import Settings

BINS = 12


def pooled(values: list[float], right: list[int]) -> tuple[list[float], list[float]]:
    """Mean confidence and share right of `BINS` equal groups, with neighbours pooled until the shares rise."""
    order = np.argsort(values)
    blocks = [
        [float(np.mean(np.array(values)[g])), float(np.mean(np.array(right)[g])), float(len(g))]
        for g in np.array_split(order, BINS)
    ]
    merged: list[list[float]] = []
    for block in blocks:
        merged.append(block)
        while len(merged) > 1 and merged[-2][1] >= merged[-1][1]:
            b, a = merged.pop(), merged.pop()
            n = a[2] + b[2]
            merged.append([(a[k] * a[2] + b[k] * b[2]) / n for k in (0, 1)] + [n])
    return [round(b[0], 4) for b in merged], [round(b[1], 4) for b in merged]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--only", type=Path, required=True, help="ids of the documents held out of training")
    parser.add_argument("--model", type=Path, default=Settings.tagger)
    args = parser.parse_args()
    only = set(args.only.read_text(encoding="utf8").split())
    values: list[float] = []
    right: list[int] = []
    table = args.model.with_suffix(".json")
    table.unlink(missing_ok=True)
    for document in evaluate.read_gold(args.gold):
        if document["id"] not in only:
            continue
        parse = parse_document(Document(id=document["id"], text=document["text"]))
        for confidence, hit in evaluate.judged(document, attribute(parse, args.model)):
            values.append(confidence)
            right.append(int(hit))
    raw, share = pooled(values, right)
    table.write_text(
        json.dumps({"raw": [0.0, *raw, 1.0], "right": [share[0], *share, share[-1]]}) + "\n", encoding="utf8"
    )
    print(f"{len(values)} attributions, {sum(right)} right; knots {list(zip(raw, share, strict=True))}")


if __name__ == "__main__":
    main()
