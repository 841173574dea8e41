"""The two tokenizers and the two text encoders: real file formats and classes, a vocabulary of a few hundred entries.

Any text can be tokenized (bytes in one, single characters in the other), but only the words of the captions mean something.
"""

from __future__ import annotations

import io
import json
import string
from collections import Counter
from pathlib import Path

import sentencepiece
import torch
from sentencepiece import sentencepiece_model_pb2
from tokenizers import decoders, pre_tokenizers
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer, T5Config, T5EncoderModel, T5TokenizerFast
from transformers.models.clip.tokenization_clip import bytes_to_unicode

from captions import WORDS

CLIP_LENGTH = 77
T5_LENGTH = 512
START, END = "<|startoftext|>", "<|endoftext|>"
WORD_SCORE, CHARACTER_SCORE = -4.0, -10.0


def clip_tokenizer(folder: Path) -> CLIPTokenizer:
    """Byte-level BPE whose merges make every caption word one token."""
    symbols = list(bytes_to_unicode().values())
    merges = _learn_merges(WORDS)
    vocabulary = symbols + [symbol + "</w>" for symbol in symbols] + ["".join(pair) for pair in merges] + [START, END]
    folder.mkdir(parents=True, exist_ok=True)
    vocab_file, merges_file = folder / "vocab.json", folder / "merges.txt"
    vocab_file.write_text(json.dumps({token: index for index, token in enumerate(vocabulary)}))
    merges_file.write_text("#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in merges))
    tokenizer = CLIPTokenizer(
        str(vocab_file),
        str(merges_file),
        model_max_length=CLIP_LENGTH,
        bos_token=START,
        eos_token=END,
        unk_token=END,
        pad_token=END,
    )
    tokenizer.save_pretrained(folder)
    return tokenizer


def _learn_merges(words: list[str]) -> list[tuple[str, str]]:
    """Merges the most frequent pair, the first in the alphabet among equals, until every word is one symbol."""
    spelled = [list(word[:-1]) + [word[-1] + "</w>"] for word in words]
    merges: list[tuple[str, str]] = []
    while any(len(symbols) > 1 for symbols in spelled):
        pairs = Counter(pair for symbols in spelled for pair in zip(symbols, symbols[1:]))
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        spelled = [_merged(symbols, best) for symbols in spelled]
    return merges


def _merged(symbols: list[str], pair: tuple[str, str]) -> list[str]:
    out: list[str] = []
    for symbol in symbols:
        if out and (out[-1], symbol) == pair:
            out[-1] += symbol
        else:
            out.append(symbol)
    return out


def t5_tokenizer(folder: Path) -> T5TokenizerFast:
    """A SentencePiece unigram model with T5's normalizer; words count with a capital and without, other text as characters."""
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(_any_sentencepiece_model())
    kinds = sentencepiece_model_pb2.ModelProto.SentencePiece
    pieces = [("<pad>", 0.0, kinds.CONTROL), ("</s>", 0.0, kinds.CONTROL), ("<unk>", 0.0, kinds.UNKNOWN)]
    pieces += [("\u2581" + word, WORD_SCORE, kinds.NORMAL) for word in WORDS]
    pieces += [("\u2581" + word.capitalize(), WORD_SCORE, kinds.NORMAL) for word in WORDS if len(word) > 1]
    pieces += [("\u2581A", WORD_SCORE, kinds.NORMAL)]
    characters = "\u2581" + "".join(sorted(set(string.printable) - set(string.whitespace)))
    pieces += [(character, CHARACTER_SCORE, kinds.NORMAL) for character in characters]
    del model.pieces[:]
    for piece, score, kind in pieces:
        model.pieces.add(piece=piece, score=score, type=kind)
    model.trainer_spec.vocab_size = len(pieces)
    model.trainer_spec.pad_id, model.trainer_spec.eos_id = 0, 1
    model.trainer_spec.unk_id, model.trainer_spec.bos_id = 2, -1
    model.trainer_spec.pad_piece = "<pad>"
    del model.trainer_spec.input[:]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spiece.model").write_bytes(model.SerializeToString())
    tokenizer = T5TokenizerFast(str(folder / "spiece.model"), extra_ids=0, model_max_length=T5_LENGTH)
    # The published T5 files begin every text with a space mark; the converter of this transformers version leaves it out.
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("\u2581", "always")
    tokenizer.backend_tokenizer.decoder = decoders.Metaspace("\u2581", "always")
    tokenizer.save_pretrained(folder)
    return tokenizer


def _any_sentencepiece_model() -> bytes:
    """Trained on nothing of interest: only its normalizer (nmt_nfkc, as in T5) is kept."""
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(WORDS * 3),
        model_writer=out,
        vocab_size=60,
        hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc",
        pad_id=0,
        eos_id=1,
        unk_id=2,
        bos_id=-1,
        num_threads=1,
        minloglevel=2,
    )
    return out.getvalue()


def clip_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    model = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=64,
            projection_dim=64,
            intermediate_size=256,
            num_hidden_layers=2,
            num_attention_heads=2,
            max_position_embeddings=CLIP_LENGTH,
            hidden_act="quick_gelu",
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    nn.init.normal_(model.text_model.embeddings.token_embedding.weight, std=0.3)
    nn.init.normal_(model.text_model.embeddings.position_embedding.weight, std=0.1)
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
    return model


def t5_encoder(tokenizer: T5TokenizerFast) -> T5EncoderModel:
    return T5EncoderModel(
        T5Config(
            vocab_size=len(tokenizer),
            d_model=64,
            d_kv=32,
            num_heads=2,
            d_ff=128,
            num_layers=2,
            feed_forward_proj="gated-gelu",
            dropout_rate=0.0,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
            use_cache=False,
            is_encoder_decoder=False,
        )
    )


if __name__ == "__main__":
    import sys

    work = Path(sys.argv[1])
    torch.manual_seed(30)
    clip, t5 = clip_tokenizer(work / "tokenizer"), t5_tokenizer(work / "tokenizer_2")
    print(len(clip), len(t5), clip.eos_token_id, t5.eos_token_id)
    sample = "A large red circle, at the left of a white background. caf\u00e9"
    print(clip.tokenize(sample), t5.tokenize(sample))
