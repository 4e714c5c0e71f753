"""Train the linear event classifier: a sentence with marked source and target -> PLOVER class; write events.npz.

    python training/train_events.py GOLD.tsv OUT.npz [--folds 5] [--fillings 3] [--c 20]

GOLD.tsv has columns marked_sentence (<s>…</s>, <t>…</t>) and plover. First the rows are split into folds (stratified,
fixed seed); each is predicted by a model that saw only the others and our own examples, and the scores are printed.
Then a model of everything is written. With --predictions FILE.npz the folds' log probabilities are kept.

A multinomial logistic regression over hashed n-grams (communique.coding.features), classes weighted by their rarity.
Gold that says YIELD is split into CONCEDE and RETREAT by a first model that knows them only from our own examples.

Needs training/requirements.txt; the package itself never imports scikit-learn.
"""

import argparse
import csv
import random
import re
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from communique.coding.classifier import normalised
from communique.coding.features import blanked, counts

HERE = Path(__file__).parent
PARTS = {"YIELD": ("CONCEDE", "RETREAT")}


def unmarked(marked):
    """Text without marks, and the spans of source and target."""
    text, spans, opened, last = "", {"s": [], "t": []}, {}, 0
    for match in re.finditer(r"</?([st])>", marked):
        text += marked[last : match.start()]
        last = match.end()
        if match[0][1] == "/":
            spans[match[1]].append((opened.pop(match[1]), len(text)))
        else:
            opened[match[1]] = len(text)
    return text + marked[last:], tuple(spans["s"]), tuple(spans["t"])


def read_gold(path):
    """((text, spans of the source, spans of the target), label) a row."""
    with open(path, encoding="utf8", newline="") as lines:
        return [(unmarked(r["marked_sentence"]), r["plover"]) for r in csv.DictReader(lines, delimiter="\t")]


def read_examples(fillings, seed=7):
    """Our own examples in the same form, each filled with names `fillings` times."""
    lines = (HERE / "data" / "event_examples.tsv").read_text(encoding="utf8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    fillers = yaml.safe_load((HERE / "data" / "event_fillers.yaml").read_text(encoding="utf8"))
    draw = random.Random(seed)
    found = []
    for _ in range(fillings):
        for name, sentence in rows:
            text = re.sub(r"\{(\w+)\}", lambda m: draw.choice(fillers[m[1]]), sentence)
            text = re.sub(r"\[([ST]): ([^\]]*)\]", lambda m: f"<{m[1].lower()}>{m[2]}</{m[1].lower()}>", text)
            found.append((unmarked(text[0].upper() + text[1:]), name))
    return found


class Terms:
    """Hashed n-grams that occur in at least two training sentences, with inverse document frequencies."""

    def __init__(self, texts, least=2):
        seen = {}
        for text in texts:
            for key in counts(text):
                seen[key] = seen.get(key, 0) + 1
        self.keys = np.array(sorted(k for k, n in seen.items() if n >= least), dtype=np.uint32)
        self.place = {int(k): i for i, k in enumerate(self.keys)}
        times = np.array([seen[int(k)] for k in self.keys])
        self.idf = (np.log((1 + len(texts)) / (1 + times)) + 1).astype(np.float16).astype(np.float32)

    def matrix(self, texts):
        rows, columns, values = [], [], []
        for row, text in enumerate(texts):
            found = [(self.place[k], n) for k, n in counts(text).items() if k in self.place]
            weights = np.array([(1 + np.log(n)) * self.idf[i] for i, n in found])
            weights = normalised(weights, self.keys[[i for i, _ in found]])
            rows += [row] * len(found)
            columns += [i for i, _ in found]
            values += list(weights)
        return csr_matrix((values, (rows, columns)), shape=(len(texts), len(self.keys)))


def fit(rows, c):
    terms = Terms([t for t, _ in rows])
    model = LogisticRegression(C=c, max_iter=400, class_weight="balanced")
    return terms, model.fit(terms.matrix([t for t, _ in rows]), [n for _, n in rows])


def parted(gold, examples, c):
    """Gold with YIELD told apart into its parts by what our own examples say of them."""
    wide = [i for i, (_, n) in enumerate(gold) if n in PARTS]
    own = [(t, n) for t, n in examples if n in PARTS["YIELD"]]
    terms, model = fit(own, c)
    said = model.predict(terms.matrix([gold[i][0] for i in wide]))
    found = list(gold)
    for i, name in zip(wide, said, strict=True):
        found[i] = (gold[i][0], str(name))
    return found


def grouped(logp, classes, names):
    """Log probabilities of the gold's labels: a wide one is the sum of its parts; NONE is left out."""
    return np.stack(
        [np.logaddexp.reduce(logp[:, [classes.index(m) for m in PARTS.get(n, (n,))]], axis=1) for n in names], axis=1
    )


def macro_f1(gold, found, names):
    scores = {}
    for name in names:
        hit = sum(g == f == name for g, f in zip(gold, found, strict=True))
        said, true = sum(f == name for f in found), sum(g == name for g in gold)
        scores[name] = 2 * hit / (said + true) if said + true else 0.0
    return float(np.mean(list(scores.values()))), scores


def split(gold, folds, seed=13):
    """Stratified folds: each label's rows are dealt out in turn."""
    draw = random.Random(seed)
    place, by_label, turn = [0] * len(gold), {}, 0
    for i, (_, name) in enumerate(gold):
        by_label.setdefault(name, []).append(i)
    for name in sorted(by_label):
        draw.shuffle(by_label[name])
        for i in by_label[name]:
            place[i] = turn % folds
            turn += 1
    return place


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gold")
    parser.add_argument("out", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--fillings", type=int, default=3)
    parser.add_argument("--c", type=float, default=20.0)
    parser.add_argument("--predictions", type=Path)
    options = parser.parse_args()
    gold, examples = (
        [(blanked(*sentence), name) for sentence, name in rows]
        for rows in (read_gold(options.gold), read_examples(options.fillings))
    )
    narrow = parted(gold, examples, options.c)
    names = sorted({n for _, n in gold})
    classes = sorted({n for _, n in examples})
    place = split(gold, options.folds)
    logp = np.zeros((len(gold), len(classes)))
    for fold in range(options.folds):
        terms, model = fit([r for i, r in enumerate(narrow) if place[i] != fold] + examples, options.c)
        held = [i for i, p in enumerate(place) if p == fold]
        logp[held] = model.predict_log_proba(terms.matrix([gold[i][0] for i in held]))
    said = [names[i] for i in grouped(logp, classes, names).argmax(1)]
    true = [n for _, n in gold]
    score, each = macro_f1(true, said, names)
    print(f"{options.folds} folds: accuracy {np.mean(np.array(said) == np.array(true)):.4f} macro F1 {score:.4f}")
    print(" ".join(f"{n} {s:.2f}" for n, s in each.items()))
    if options.predictions:
        np.savez(options.predictions, logp=logp, classes=classes, names=names, place=place)
    write(options.out, *fit(narrow + examples, options.c))


def write(path, terms, model):
    """Weights as 8-bit integers with one scale a class."""
    weights = model.coef_.T
    scales = np.abs(weights).max(axis=0) / 127
    whole = np.round(weights / scales).astype(np.int8)
    used = np.abs(whole).max(axis=1) > 0
    np.savez_compressed(
        path,
        classes=np.array(model.classes_, dtype="U16"),
        keys=terms.keys[used],
        idf=terms.idf[used].astype(np.float16),
        weights=whole[used],
        scales=scales.astype(np.float32),
        bias=model.intercept_.astype(np.float32),
    )
    print(f"{path}: {used.sum()} terms, {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
