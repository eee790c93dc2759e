"""The published encoders that `adapt_encoder.py` starts from, each with its tokenizer."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from packed_e5 import PackedE5
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram, WordPiece
from transformers import BertConfig, BertModel

LONGEST = 128
"""In tokens, as the engine reads (bot/components/encoders.py)."""
LATIN_PIECES = 20_000
"""So many of the most frequent pieces in Latin letters stay with the Chinese encoder."""
_CHINESE = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")
_JAPANESE_OR_KOREAN = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_LATIN = re.compile(r"[▁ -~]+")


@dataclass(frozen=True)
class Base:
    """What is adapted: `save_pieces` writes what a tokenizer needs into the encoder's folder."""

    encoder: BertModel
    tokenizer: Tokenizer
    save_pieces: Callable[[Path], object]


def minilm(folder: Path) -> Base:
    """all-MiniLM-L6-v2 as published: config.json, model.safetensors, vocab.txt in one folder."""
    vocabulary = folder / "vocab.txt"
    tokenizer = Tokenizer(WordPiece.from_file(str(vocabulary), unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    marks = [(word, tokenizer.token_to_id(word)) for word in ("[SEP]", "[CLS]")]
    tokenizer.post_processor = processors.BertProcessing(*marks)
    tokenizer.enable_truncation(LONGEST)
    encoder = BertModel.from_pretrained(folder, add_pooling_layer=False)
    return Base(encoder, tokenizer, lambda out: shutil.copy(vocabulary, out / "vocab.txt"))


def e5(file: Path) -> Base:
    """multilingual-e5-small, packed (`packed_e5.py`); only pieces that Chinese needs are kept."""
    packed = PackedE5.read(file)
    kept = list(_kept(piece for piece, _ in packed.pieces))
    tokenizer = Tokenizer(Unigram([packed.pieces[number] for number in kept], unk_id=3))
    spaces = normalizers.Replace(Regex(r"\s+"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), spaces])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.enable_truncation(LONGEST)
    encoder = _bert_of(packed, kept)
    return Base(
        encoder, tokenizer, lambda out: tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    )


def _kept(pieces: Iterator[str]) -> Iterator[int]:
    """Yield the numbers of the pieces that stay; they stand in order of frequency."""
    latin = 0
    for number, piece in enumerate(pieces):
        is_chinese = _CHINESE.search(piece) and not _JAPANESE_OR_KOREAN.search(piece)
        is_one_sign = len(piece) == 1 and not 0x3000 <= ord(piece) <= 0x1F000
        if number < 4 or is_chinese or is_one_sign:
            yield number
        elif _LATIN.fullmatch(piece) and latin < LATIN_PIECES:
            latin += 1
            yield number


def _bert_of(packed: PackedE5, kept: list[int]) -> BertModel:
    sizes = packed.sizes
    encoder = BertModel(
        BertConfig(
            vocab_size=len(kept),
            hidden_size=sizes["width"],
            num_hidden_layers=sizes["layers"],
            num_attention_heads=sizes["heads"],
            intermediate_size=sizes["inner"],
            max_position_embeddings=sizes["positions"],
            type_vocab_size=sizes["types"],
            layer_norm_eps=packed.epsilon,
        ),
        add_pooling_layer=False,
    )
    state = {name: torch.tensor(value) for name, value in packed.state(kept).items()}
    encoder.load_state_dict(state)
    return encoder
