"""Learned models: an ONNX file and the tokenizer beside it, opened in one way."""

from pathlib import Path
from typing import Any

from communique.errors import MissingPartError
from communique.settings import load_settings


def open_model(model: Path) -> tuple[Any, Any]:
    """The session of an ONNX file and the tokenizer in tokenizer.json beside it, without truncation and padding.

    Raises:
        MissingPartError: one of the two files is not there.
    """
    import onnxruntime
    from tokenizers import Tokenizer

    vocabulary = model.with_name("tokenizer.json")
    for path in (model, vocabulary):
        if not path.exists():
            raise MissingPartError(f"the model's file {path} is missing: reinstall communique or name another model")
    tokenizer = Tokenizer.from_file(str(vocabulary))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = load_settings().threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"]), tokenizer
