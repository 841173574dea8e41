"""Writes down what the old pipelines' calls take and refuse, for the tests of the facades.

    python extract.py SIGNATURES OUT

SIGNATURES is a JSON file that an `ast` walk over the Python sources made: for each class its methods' parameters
(name, default as source text, kind) and, under `_methods`, the errors that each method raises (message, the tests
around it, line). OUT is compat/src/test/resources/dev/fluxbridge/pipelines/old-signatures.json.
"""

import json
import sys

CLASSES = {
    "FluxPipeline": "diffusers_0.33.FluxPipeline",
    "FluxDeDistilledPipeline": "pallaidium.de_distill.FluxPipeline",
    "FluxImg2ImgPipeline": "diffusers_0.33.FluxImg2ImgPipeline",
    "FluxInpaintPipeline": "diffusers_0.33.FluxInpaintPipeline",
    "FluxFillPipeline": "diffusers_0.33.FluxFillPipeline",
    "FluxControlPipeline": "diffusers_0.33.FluxControlPipeline",
    "FluxControlImg2ImgPipeline": "diffusers_0.33.FluxControlImg2ImgPipeline",
    "FluxControlInpaintPipeline": "diffusers_0.33.FluxControlInpaintPipeline",
    "FluxControlNetPipeline": "diffusers_0.33.FluxControlNetPipeline",
    "FluxControlNetImg2ImgPipeline": "diffusers_0.33.FluxControlNetImg2ImgPipeline",
    "FluxControlNetInpaintPipeline": "diffusers_0.33.FluxControlNetInpaintPipeline",
    "FluxKontextPipeline": "diffusers_head.FluxKontextPipeline",
    "FluxKontextInpaintPipeline": "diffusers_head.FluxKontextInpaintPipeline",
    "FlexPipeline": "pallaidium.Flex2Pipeline",
}
# Flex2Pipeline inherits its checks and its callback's tensors, and calls its parent's checks first.
PARENTS = {"pallaidium.Flex2Pipeline": "diffusers_0.33.FluxControlPipeline"}
# IP adapters are refused before any of their checks could be made.
LEFT_OUT = ("prepare_ip_adapter_image_embeds",)


def text(message):
    """Texts that the source puts together out of literals stand there as source."""
    return eval(message, {}) if message.startswith("'") else message


def raises(entry, method):
    found = entry["_methods"].get(method, {}).get("raises", [])
    return [
        {"text": text(r["message"]), "when": r["when"], "in": method}
        for r in sorted(found, key=lambda r: r["line"])
    ]


def main(signatures, out):
    with open(signatures) as file:
        everything = json.load(file)
    result = {}
    for facade, key in CLASSES.items():
        entry = everything[key]
        parent = everything[PARENTS[key]] if key in PARENTS else None
        call = [p for p in entry["__call__"] if p["name"] not in ("self", "kwargs")]
        later = [m for m in entry["_methods"] if m != "check_inputs" and m not in LEFT_OUT]
        own = [*entry["_methods"], "check_inputs", *LEFT_OUT]
        inherited = [r for m in (parent or {"_methods": {}})["_methods"] if m not in own for r in raises(parent, m)]
        result[facade] = {
            "class": key,
            "source": entry["source"],
            "swallows": any(p["name"] == "kwargs" for p in entry["__call__"]),
            "call": [{"name": p["name"], "default": repr(eval(p["default"], {}))} for p in call],
            "callback_tensor_inputs": (parent or entry)["class_attributes"]["_callback_tensor_inputs"],
            "checks": (raises(parent, "check_inputs") if parent else []) + raises(entry, "check_inputs"),
            "later": [r for m in later for r in raises(entry, m)] + inherited,
        }
    with open(out, "w") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
