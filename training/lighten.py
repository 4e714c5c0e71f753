"""Write a quantised encoder anew with ONNX Runtime's fused operators: the same weights and answers in less time.

    python training/lighten.py tagger|events|positions EXPORTED.onnx OUT.onnx

torch's exporter spells attention out in small steps and carries a mask through each of them. Our encoders read one
sequence a run, which needs no mask; queries, keys and values come of one product. train_tagger.py and
train_events_encoder.py end with this step.
"""

import argparse
import re
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HEADS = 12
FUSED = "com.microsoft"
EPSILON = 1e-12


class Graph:
    """Nodes and weights in the order in which they are made; each method gives the name of what it adds."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def weight(self, name, value):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind, inputs, outputs=1, domain="", **attributes):
        names = [f"{kind}_{len(self.nodes)}_{n}" for n in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def product(self, x, name, layer):
        """x times 8-bit weights plus a bias; x is quantised as it comes."""
        parts = [self.weight(f"{name}.{part}", layer[part]) for part in ("weight", "scale", "zero_point", "bias")]
        return self.node("DynamicQuantizeMatMul", [x, *parts], domain=FUSED)


def read_weights(path):
    """The weights of a model that torch exported and onnxruntime quantised: arrays by name, products in their order."""
    model = onnx.load(str(path))
    arrays = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    products = []
    for node in model.graph.node:
        if node.op_type == "MatMulInteger":
            stem = node.input[1].removesuffix("_quantized")
            products.append({p: arrays[f"{stem}_{s}"] for p, s in (("weight", "quantized"), ("scale", "scale"))})
            products[-1]["zero_point"] = arrays[f"{stem}_zero_point"]
            products[-1]["output"] = node.output[0]
    return arrays, products


def encoder(graph, arrays, products):
    """Embeddings and layers; gives the name of the last layer's output and the products that are left for heads."""
    prefix = next(n for n in arrays if n.endswith("embeddings.LayerNorm.weight")).removesuffix(
        "embeddings.LayerNorm.weight"
    )
    left = list(products)

    def biased(place, bias):
        """The product made at this place of the network, with its bias."""
        found = next(p for p in left if place in p["output"])
        left.remove(found)
        return {**found, "bias": arrays[bias]}

    def dequantised(name):
        stem = f"{prefix}embeddings.{name}.weight"
        values = arrays[f"{stem}_quantized"].astype(np.float32) - np.float32(arrays[f"{stem}_zero_point"])
        return values * arrays[f"{stem}_scale"]

    stem = f"{prefix}embeddings.word_embeddings.weight"
    table = graph.weight("words", arrays[f"{stem}_quantized"])
    word = graph.node("Gather", [table, "input_ids"])
    scale = graph.weight("words.scale", arrays[f"{stem}_scale"])
    zero = graph.weight("words.zero_point", arrays[f"{stem}_zero_point"])
    word = graph.node("DequantizeLinear", [word, scale, zero])
    places = graph.weight("places", dequantised("position_embeddings") + dequantised("token_type_embeddings")[0])
    length = graph.node("Shape", ["input_ids"], start=1, end=2)
    here = graph.node("Slice", [places, graph.weight("zero", np.array([0])), length])
    x = graph.node("Add", [word, here])
    x = graph.node("LayerNormalization", [x, *norm(graph, arrays, f"{prefix}embeddings.")], epsilon=EPSILON)
    count = 1 + max(int(n) for name in arrays for n in re.findall(r"encoder\.layer\.(\d+)\.", name))
    for n in range(count):
        name = f"{prefix}encoder.layer.{n}."
        place = f"/layer.{n}/"
        parts = [
            biased(f"{place}attention/self/{p}/", f"{name}attention.self.{p}.bias") for p in ("query", "key", "value")
        ]
        joined = {
            part: np.concatenate([spread(p, part) for p in parts], axis=-1)
            for part in ("weight", "scale", "zero_point", "bias")
        }
        split = graph.weight(f"{n}.split", np.array([p["weight"].shape[1] for p in parts]))
        query, key, value = graph.node("Split", [graph.product(x, f"{n}.attention", joined), split], outputs=3, axis=2)
        seen = graph.node("MultiHeadAttention", [query, key, value], domain=FUSED, num_heads=HEADS)
        out = biased(f"{place}attention/output/dense/", f"{name}attention.output.dense.bias")
        x = added(graph, graph.product(seen, f"{n}.out", out), x, norm(graph, arrays, f"{name}attention.output."))
        wide = graph.product(x, f"{n}.wide", biased(f"{place}intermediate/dense/", f"{name}intermediate.dense.bias"))
        wide = graph.node("Gelu", [wide], domain=FUSED)
        narrow = graph.product(wide, f"{n}.narrow", biased(f"{place}output/dense/", f"{name}output.dense.bias"))
        x = added(graph, narrow, x, norm(graph, arrays, f"{name}output."))
    return x, left


def norm(graph, arrays, name):
    return [graph.weight(f"{name}LayerNorm.{part}", arrays[f"{name}LayerNorm.{part}"]) for part in ("weight", "bias")]


def added(graph, x, before, weights):
    # Not SkipLayerNormalization, which takes eight times as long as these two on a processor.
    return graph.node("LayerNormalization", [graph.node("Add", [x, before]), *weights], epsilon=EPSILON)


def spread(product, part):
    """Scales and zero points a column, where a product has one for all."""
    value = product[part]
    if value.ndim == 0:
        return np.full(product["weight"].shape[1], value)
    return value


def tagger(graph, arrays, products):
    """Tags and the two pointers; see train_tagger.py."""
    x, (tags, links) = encoder(graph, arrays, products)
    scores = graph.product(x, "tags", {**tags, "bias": arrays["model.tags.bias"]})
    joined = graph.product(x, "links", {**links, "bias": arrays["model.links.bias"]})
    size = links["weight"].shape[1] // 4
    parts = graph.node("Split", [joined, graph.weight("links.split", np.array([size] * 4))], outputs=4, axis=2)
    pointers = [
        graph.node("FusedMatMul", parts[k : k + 2], domain=FUSED, transB=1, alpha=1 / size**0.5) for k in (0, 2)
    ]
    return {"tags": scores, "content_to_cue": pointers[0], "cue_to_source": pointers[1]}, []


def events(graph, arrays, products):
    """One logit a class from the mean of all pieces and those at the two marks; see train_events_encoder.py."""
    x, (head,) = encoder(graph, arrays, products)
    mean = graph.node("ReduceMean", [x], axes=[1], keepdims=0)
    marks = []
    for side in ("source", "target"):
        piece = graph.node("Gather", [x, side], axis=1)
        marks.append(graph.node("Squeeze", [piece, graph.weight(f"{side}.axis", np.array([1]))]))
    joined = graph.node("Concat", [mean, *marks], axis=1)
    return {"logits": graph.product(joined, "head", {**head, "bias": arrays["head.bias"]})}, ["source", "target"]


def positions(graph, arrays, products):
    """Kinds, issues and roles, whose weights keep all their digits; see train_positions.py."""
    x, _ = encoder(graph, arrays, products)
    mean = graph.node("ReduceMean", [x], axes=[1], keepdims=0)
    first = graph.node("Gather", [x, graph.weight("first", np.array([0]))], axis=1)
    first = graph.node("Squeeze", [first, graph.weight("first.axis", np.array([1]))])
    joined = graph.node("Concat", [mean, first], axis=1)
    length = graph.node("ReduceL2", [mean], axes=[1], keepdims=1)
    near = graph.node("Div", [mean, length])

    def plain(x, name, scale=1.0):
        weight = graph.weight(f"{name}.weight", (arrays[f"{name}.weight"] * scale).T.astype(np.float32))
        return graph.node(
            "Add", [graph.node("MatMul", [x, weight]), graph.weight(f"{name}.bias", arrays[f"{name}.bias"])]
        )

    return {
        "kinds": plain(joined, "kinds"),
        "issues": plain(near, "issues", arrays["scale"]),
        "roles": plain(x, "roles"),
    }, []


KINDS = {"tagger": tagger, "events": events, "positions": positions}


def lighten(kind, exported, out):
    """Write `exported` anew to `out`; kind names one of KINDS."""
    graph = Graph()
    arrays, products = read_weights(exported)
    heads = exported.with_suffix(".npz")  # weights of heads that were not quantised
    if heads.exists():
        arrays |= dict(np.load(heads))
    found, places = KINDS[kind](graph, arrays, products)
    for name, made in found.items():
        graph.nodes.append(helper.make_node("Identity", [made], [name]))
    inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "pieces"])]
    inputs += [helper.make_tensor_value_info(name, TensorProto.INT64, [1]) for name in places]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in found]
    made = helper.make_graph(graph.nodes, kind, inputs, outputs, graph.weights)
    versions = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
    onnx.save(helper.make_model(made, opset_imports=versions, ir_version=8), str(out))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("exported", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    lighten(given.kind, given.exported, given.out)
