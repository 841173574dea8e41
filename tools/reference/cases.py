"""The golden cases: a pipeline, the derived checkpoint it runs on, and its calls. Read by pipelines.py."""

from __future__ import annotations

from made import mask, numbers, picture

CIRCLE = "a large red circle at the left of a white background"
CROSS = "a small blue cross on a gray background, at the top"
TRIANGLE = "big green triangle in the middle, black background"
SQUARE = "a large yellow square in the center of a white background"
LEAST = {"prompt": CROSS, "height": 32, "width": 32, "num_inference_steps": 4, "max_sequence_length": 64}
TWO = {"prompt": [CIRCLE, CROSS]}


def case(seed: int | list[int], *parts: dict, changed: dict | None = None, controlnets=None, **arguments) -> dict:
    """A call with the arguments of LEAST unless told otherwise; None leaves an argument out."""
    given = dict(LEAST)
    for part in (*parts, arguments):
        given |= part
    made = {"seed": seed, "arguments": {name: value for name, value in given.items() if value is not None}}
    if controlnets:
        made["controlnets"] = controlnets
    if changed:
        made["changed"] = changed
    return made


def size(width: int, height: int) -> dict:
    return {"width": width, "height": height}


def embeds(prompts: int) -> dict:
    return {
        "prompt": None,
        "prompt_embeds": numbers("prompt_embeds", prompts, 64, 64, amplitude=0.5),
        "pooled_prompt_embeds": numbers("pooled_prompt_embeds", prompts, 64, amplitude=1.0),
        "max_sequence_length": None,
    }


DE_DISTILLED = {
    "real-guidance": case(0, negative_prompt="", guidance_scale=3.5, changed={"negative_prompt": SQUARE}),
    "wide": case(42, size(80, 48), negative_prompt=SQUARE, guidance_scale=2.0, changed={"seed": 43}),
    "no-guidance": case(3, negative_prompt=SQUARE, guidance_scale=1.0, changed={"guidance_scale": 3.0}),
    "two-prompts": case([11, 12], TWO, negative_prompt=["", SQUARE], guidance_scale=3.0),
    "two-images-a-prompt": case(2, prompt=TRIANGLE, negative_prompt="", num_images_per_prompt=2, num_inference_steps=3),
    "second-prompt-and-latents": case(
        0, prompt_2=CIRCLE, negative_prompt="", guidance_scale=4.0, latents=numbers("latents", 1, 4, 64)
    ),
}

IMAGE_TO_IMAGE = {
    "default-strength": case(0, image=picture(32, 32), changed={"prompt": CIRCLE}),
    "picture-of-another-size": case(
        1, size(80, 48), image=picture(101, 67, 1), strength=0.4, changed={"image": picture(101, 67, 2)}
    ),
    "larger-than-the-picture": case(2, size(64, 48), image=picture(20, 27, 2), strength=0.75),
    "whole-strength": case(3, image=picture(32, 32, 3), strength=1.0, changed={"seed": 4}),
    "one-step-left": case(4, image=picture(48, 48, 4), strength=0.25, changed={"strength": 0.5}),
    "tensor": case(5, image=picture(32, 32, 5, "unit"), guidance_scale=3.5),
    "tensor-of-another-size": case(6, size(48, 32), image=picture(70, 41, 6, "unit"), strength=0.7),
    "true-cfg": case(
        7,
        image=picture(40, 40, 1),
        negative_prompt=SQUARE,
        true_cfg_scale=3.0,
        strength=0.9,
        changed={"true_cfg_scale": 1.0},
    ),
    "two-prompts-a-picture-each": case(8, TWO, image=[picture(32, 32), picture(32, 32, 2)]),
    "two-images-a-prompt-two-generators": case([21, 22], image=picture(36, 30), num_images_per_prompt=2),
    "two-by-two": case(9, TWO, image=[picture(32, 32), picture(32, 32, 2)], num_images_per_prompt=2),
    "own-sigmas": case(10, image=picture(32, 32), sigmas=[1.0, 0.7, 0.45, 0.2], strength=0.6),
    "own-latents": case(11, image=picture(32, 32), latents=numbers("latents", 1, 4, 64), strength=0.5),
    "own-embeddings": case(12, embeds(1), image=picture(32, 32)),
    "size-not-of-sixteen": case(13, size(72, 41), image=picture(72, 41)),
}


INPAINT = {
    "default-strength": case(0, image=picture(32, 32), mask_image=mask(32, 32, "box"), changed={"prompt": CIRCLE}),
    "sizes-that-differ": case(
        1,
        size(80, 48),
        image=picture(101, 67, 1),
        mask_image=mask(61, 90),
        changed={"mask_image": mask(61, 90, "right")},
    ),
    "whole-strength": case(
        2, size(48, 32), image=picture(48, 32, 2), mask_image=mask(48, 32, "right"), strength=1.0, changed={"seed": 3}
    ),
    "one-step-left": case(3, image=picture(32, 32, 3), mask_image=mask(32, 32), strength=0.25),
    "tensors": case(4, image=picture(32, 32, 4, "unit"), mask_image=mask(32, 32, "soft", "unit"), strength=0.75),
    "tensors-of-another-size": case(
        5, size(32, 48), image=picture(45, 60, 5, "unit"), mask_image=mask(70, 51, "soft", "unit"), strength=0.75
    ),
    "true-cfg": case(
        6,
        image=picture(32, 32),
        mask_image=mask(32, 32, "box"),
        negative_prompt=SQUARE,
        true_cfg_scale=2.5,
        strength=0.9,
        changed={"true_cfg_scale": 1.0},
    ),
    "two-prompts-a-picture-and-a-mask-each": case(
        7,
        TWO,
        image=[picture(32, 32), picture(32, 32, 2)],
        mask_image=[mask(32, 32, "box"), mask(32, 32, "right")],
        strength=0.75,
    ),
    "two-images-a-prompt-two-generators": case(
        [31, 32], image=picture(40, 40), mask_image=mask(40, 40), num_images_per_prompt=2, strength=0.75
    ),
    "own-sigmas": case(
        8, image=picture(32, 32), mask_image=mask(32, 32, "box"), sigmas=[1.0, 0.7, 0.45, 0.2], strength=0.75
    ),
    "own-latents": case(
        9, image=picture(32, 32), mask_image=mask(32, 32, "box"), latents=numbers("latents", 1, 16, 4, 4), strength=1.0
    ),
    "own-embeddings": case(10, embeds(1), image=picture(32, 32), mask_image=mask(32, 32, "box"), strength=0.75),
    "mask-crop": case(
        11,
        size(64, 64),
        image=picture(96, 80, 1),
        mask_image=mask(96, 80, "box"),
        padding_mask_crop=4,
        strength=0.9,
        changed={"padding_mask_crop": 20},
    ),
    "mask-crop-soft-and-wide": case(
        12, size(80, 48), image=picture(64, 90, 2), mask_image=mask(64, 90), padding_mask_crop=0, strength=0.7
    ),
}

FILL = {
    "default-call": case(
        0, image=picture(32, 32), mask_image=mask(32, 32, "box"), changed={"mask_image": mask(32, 32, "right")}
    ),
    "sizes-that-differ": case(
        1, size(80, 48), image=picture(101, 67, 1), mask_image=mask(61, 90), changed={"image": picture(101, 67, 4)}
    ),
    "half-strength": case(2, image=picture(32, 32, 2), mask_image=mask(32, 32), strength=0.5, changed={"seed": 3}),
    "one-step-left": case(3, size(48, 32), image=picture(48, 32), mask_image=mask(48, 32), strength=0.25),
    "little-guidance": case(4, image=picture(32, 32), mask_image=mask(32, 32, "box"), guidance_scale=3.5),
    "two-prompts": case(
        5, TWO, image=[picture(32, 32), picture(32, 32, 2)], mask_image=[mask(32, 32, "box"), mask(32, 32, "right")]
    ),
    "two-images-a-prompt-two-generators": case(
        [41, 42], image=picture(32, 32, 3), mask_image=mask(32, 32), num_images_per_prompt=2
    ),
    "tensors": case(6, image=picture(32, 32, 4, "unit"), mask_image=mask(32, 32, "soft", "unit")),
    "own-latents": case(7, image=picture(32, 32), mask_image=mask(32, 32, "box"), latents=numbers("latents", 1, 4, 64)),
}

CONTROL = {
    "default-call": case(0, control_image=picture(32, 32), changed={"control_image": picture(32, 32, 4)}),
    "wide-from-another-size": case(1, size(80, 48), control_image=picture(101, 67, 1), changed={"seed": 2}),
    "two-prompts-a-picture-each": case(2, TWO, control_image=[picture(32, 32), picture(32, 32, 2)]),
    "two-prompts-one-picture": case([51, 52], TWO, control_image=picture(32, 32, 3)),
    "two-images-a-prompt": case(3, control_image=picture(40, 30, 3), num_images_per_prompt=2),
    "tensor-already-scaled": case(4, control_image=picture(32, 32, 5, "signed")),
    "own-latents": case(5, control_image=picture(32, 32), latents=numbers("latents", 1, 4, 64), guidance_scale=10.0),
    "own-sigmas-and-embeddings": case(6, embeds(1), control_image=picture(32, 32), sigmas=[1.0, 0.6, 0.3]),
    "size-not-of-sixteen": case(7, size(72, 41), control_image=picture(72, 41)),
}

CONTROL_IMAGE_TO_IMAGE = {
    "default-strength": case(
        0, image=picture(32, 32), control_image=picture(32, 32, 4), changed={"control_image": picture(32, 32, 5)}
    ),
    "wide-from-other-sizes": case(
        1,
        size(80, 48),
        image=picture(101, 67, 1),
        control_image=picture(33, 77, 2),
        strength=0.75,
        changed={"image": picture(101, 67, 2)},
    ),
    "whole-strength": case(2, image=picture(32, 32), control_image=picture(32, 32, 3), strength=1.0),
    "one-step-left": case(3, image=picture(32, 32, 2), control_image=picture(32, 32), strength=0.25),
    "two-prompts": case(
        4,
        TWO,
        image=[picture(32, 32), picture(32, 32, 2)],
        control_image=[picture(32, 32, 3), picture(32, 32, 4)],
        strength=0.75,
    ),
    "two-images-a-prompt-two-generators": case(
        [61, 62], image=picture(32, 32), control_image=picture(32, 32, 2), num_images_per_prompt=2, strength=0.75
    ),
}

CONTROL_INPAINT = {
    "default-strength": case(
        0,
        image=picture(32, 32),
        control_image=picture(32, 32, 4),
        mask_image=mask(32, 32, "box"),
        changed={"control_image": picture(32, 32, 5)},
    ),
    "wide-from-other-sizes": case(
        1,
        size(80, 48),
        image=picture(101, 67, 1),
        control_image=picture(33, 77, 2),
        mask_image=mask(61, 90),
        strength=0.75,
        changed={"mask_image": mask(61, 90, "right")},
    ),
    "whole-strength": case(
        2, image=picture(32, 32), control_image=picture(32, 32, 3), mask_image=mask(32, 32, "right"), strength=1.0
    ),
    "one-step-left": case(
        3, image=picture(32, 32, 2), control_image=picture(32, 32), mask_image=mask(32, 32), strength=0.25
    ),
    "two-prompts": case(
        4,
        TWO,
        image=[picture(32, 32), picture(32, 32, 2)],
        control_image=[picture(32, 32, 3), picture(32, 32, 4)],
        mask_image=[mask(32, 32), mask(32, 32, "right")],
        strength=0.75,
    ),
    "two-images-a-prompt-two-generators": case(
        [71, 72],
        image=picture(32, 32),
        control_image=picture(32, 32, 2),
        mask_image=mask(32, 32, "box"),
        num_images_per_prompt=2,
        strength=0.75,
    ),
}

SINGLE = {"controlnets": "controlnet"}
UNION = {"controlnets": "controlnet-union"}
MULTI = {"controlnets": ["controlnet", "controlnet-double"]}
TWO_CONTROLS = {"control_image": [picture(32, 32, 2), picture(32, 32, 4)]}

CONTROLNET = {
    "single": case(0, **SINGLE, control_image=picture(32, 32, 2), changed={"controlnet_conditioning_scale": 0.0}),
    "wide-from-another-size": case(
        1, size(80, 48), **SINGLE, control_image=picture(101, 67, 1), changed={"control_image": picture(101, 67, 5)}
    ),
    "double-blocks-only": case(2, controlnets="controlnet-double", control_image=picture(32, 32), changed=SINGLE),
    "union": case(3, **UNION, control_image=picture(32, 32, 3), control_mode=2, changed={"control_mode": 4}),
    "union-two-images-a-prompt": case(
        4, **UNION, control_image=picture(32, 32), control_mode=0, num_images_per_prompt=2
    ),
    "from-start-to-end": case(
        5,
        **SINGLE,
        control_image=picture(32, 32, 3),
        num_inference_steps=5,
        control_guidance_start=0.2,
        control_guidance_end=0.7,
        controlnet_conditioning_scale=0.6,
        changed={"control_guidance_end": 1.0},
    ),
    "true-cfg": case(
        6,
        **SINGLE,
        control_image=picture(32, 32, 3),
        negative_prompt=SQUARE,
        true_cfg_scale=2.5,
        guidance_scale=3.5,
        changed={"true_cfg_scale": 1.0},
    ),
    "two-prompts-two-generators": case([81, 82], TWO, **SINGLE, control_image=[picture(32, 32), picture(32, 32, 2)]),
    "multi": case(
        7,
        TWO_CONTROLS,
        **MULTI,
        controlnet_conditioning_scale=[0.7, 0.4],
        changed={"controlnet_conditioning_scale": [0.7, 0.0]},
    ),
    "multi-the-other-way-round": case(
        7, TWO_CONTROLS, controlnets=["controlnet-double", "controlnet"], controlnet_conditioning_scale=[0.7, 0.4]
    ),
    "multi-with-a-union": case(
        8,
        TWO_CONTROLS,
        controlnets=["controlnet-union", "controlnet"],
        control_mode=[3, None],
        controlnet_conditioning_scale=[0.5, 0.5],
    ),
    "multi-starts-and-ends": case(
        9,
        TWO_CONTROLS,
        **MULTI,
        controlnet_conditioning_scale=[0.8, 0.8],
        control_guidance_start=[0.0, 0.5],
        control_guidance_end=[0.5, 1.0],
    ),
    "union-with-two-pictures": case(
        10,
        TWO_CONTROLS,
        controlnets=["controlnet-union"],
        control_mode=[1, 4],
        controlnet_conditioning_scale=[0.5, 0.6],
        control_guidance_start=[0.0, 0.0],
        changed={"control_mode": [1, 2]},
    ),
    "own-latents": case(11, **SINGLE, control_image=picture(32, 32), latents=numbers("latents", 1, 4, 64)),
}

CONTROLNET_IMAGE_TO_IMAGE = {
    "single": case(
        0,
        **SINGLE,
        image=picture(32, 32),
        control_image=picture(32, 32, 4),
        changed={"controlnet_conditioning_scale": 0.0},
    ),
    "wide-from-other-sizes": case(
        1,
        size(80, 48),
        **SINGLE,
        image=picture(101, 67, 1),
        control_image=picture(33, 77, 2),
        strength=0.75,
        changed={"seed": 5},
    ),
    "union": case(
        2,
        **UNION,
        image=picture(32, 32),
        control_image=picture(32, 32, 3),
        control_mode=1,
        strength=1.0,
        changed={"control_mode": 3},
    ),
    "one-step-left": case(3, **SINGLE, image=picture(32, 32, 2), control_image=picture(32, 32), strength=0.25),
    "from-start-to-end-of-the-steps-left": case(
        4,
        **SINGLE,
        image=picture(32, 32, 2),
        control_image=picture(32, 32, 5),
        num_inference_steps=6,
        strength=0.7,
        control_guidance_start=0.25,
        control_guidance_end=0.75,
    ),
    "multi": case(
        5,
        TWO_CONTROLS,
        **MULTI,
        image=picture(32, 32),
        control_mode=[None, None],
        controlnet_conditioning_scale=[0.7, 0.4],
        strength=0.75,
    ),
    "two-prompts-two-generators": case(
        [91, 92],
        TWO,
        **SINGLE,
        image=[picture(32, 32), picture(32, 32, 2)],
        control_image=[picture(32, 32, 3), picture(32, 32, 4)],
        strength=0.75,
    ),
}

CONTROLNET_INPAINT = {
    name: {**given, "arguments": {**given["arguments"], "mask_image": covered}}
    for (name, given), covered in zip(
        CONTROLNET_IMAGE_TO_IMAGE.items(),
        [
            mask(32, 32, "box"),
            mask(61, 90),
            mask(32, 32, "right"),
            mask(32, 32),
            mask(32, 32, "box"),
            mask(32, 32),
            [mask(32, 32), mask(32, 32, "right")],
        ],
    )
} | {
    "mask-crop": case(
        6,
        size(64, 48),
        **SINGLE,
        image=picture(96, 80, 1),
        mask_image=mask(96, 80, "box"),
        control_image=picture(64, 48, 2),
        padding_mask_crop=4,
        strength=0.9,
    ),
}

AS_ASKED = {"_auto_resize": False, "max_area": 32 * 32}

KONTEXT = {
    "as-asked": case(0, AS_ASKED, image=picture(32, 32), changed={"image": picture(32, 32, 4)}),
    "wide-and-another-reference": case(
        1, AS_ASKED, size(80, 48), image=picture(57, 70, 1), max_area=80 * 48, changed={"prompt": CIRCLE}
    ),
    "no-reference": case(2, AS_ASKED, image=None, changed={"seed": 3}),
    "area-rules-the-size": case(3, AS_ASKED, size(100, 60), image=picture(32, 32, 2), max_area=48 * 48),
    "true-cfg": case(
        4,
        AS_ASKED,
        image=picture(32, 32, 3),
        negative_prompt=SQUARE,
        true_cfg_scale=2.5,
        changed={"true_cfg_scale": 1.0},
    ),
    "two-prompts-a-picture-each": case(5, TWO, AS_ASKED, image=[picture(32, 32), picture(32, 32, 2)]),
    "two-images-a-prompt-two-generators": case([101, 102], AS_ASKED, image=picture(48, 32), num_images_per_prompt=2),
    "tensor": case(6, AS_ASKED, image=picture(48, 32, 5, "unit")),
    "own-latents": case(7, AS_ASKED, image=picture(32, 32), latents=numbers("latents", 1, 4, 64)),
    "own-size-of-the-reference": case(8, image=picture(30, 70, 1), max_area=32 * 32, num_inference_steps=1),
}

KONTEXT_INPAINT = {
    "as-asked": case(
        0, AS_ASKED, image=picture(32, 32), mask_image=mask(32, 32, "box"), changed={"prompt": CIRCLE}
    ),
    "the-picture-rules-the-size": case(
        1, AS_ASKED, size(80, 48), image=picture(83, 50, 1), mask_image=mask(61, 90), strength=0.75, changed={"seed": 2}
    ),
    "reference": case(
        2,
        AS_ASKED,
        image=picture(32, 32),
        image_reference=picture(50, 33, 4),
        mask_image=mask(32, 32, "right"),
        changed={"image_reference": picture(50, 33, 5)},
    ),
    "one-step-left": case(3, AS_ASKED, image=picture(32, 32, 2), mask_image=mask(32, 32), strength=0.25),
    "true-cfg": case(
        4,
        AS_ASKED,
        image=picture(32, 32, 3),
        mask_image=mask(32, 32, "box"),
        negative_prompt=SQUARE,
        true_cfg_scale=2.5,
        strength=0.9,
    ),
    "two-prompts-a-picture-and-a-mask-each": case(
        5,
        TWO,
        AS_ASKED,
        image=[picture(32, 32), picture(32, 32, 2)],
        mask_image=[mask(32, 32), mask(32, 32, "right")],
        strength=0.75,
    ),
    "two-images-a-prompt-two-generators": case(
        [111, 112], AS_ASKED, image=picture(48, 32), mask_image=mask(48, 32), num_images_per_prompt=2
    ),
    "mask-crop": case(
        6, AS_ASKED, image=picture(64, 48, 1), mask_image=mask(64, 48, "box"), padding_mask_crop=4, strength=0.75
    ),
}

FLEX = {
    "neither": case(0, changed={"prompt": CIRCLE}),
    "inpaint": case(
        1,
        inpaint_image=picture(32, 32, 1),
        inpaint_mask=mask(32, 32, "box"),
        changed={"inpaint_mask": mask(32, 32, "right")},
    ),
    "control": case(2, control_image=picture(32, 32, 2), changed={"control_strength": 0.0}),
    "both-wide-from-other-sizes": case(
        3,
        size(80, 48),
        inpaint_image=picture(101, 67, 1),
        inpaint_mask=mask(61, 90),
        control_image=picture(33, 77, 2),
        changed={"inpaint_image": picture(101, 67, 5)},
    ),
    "control-stops": case(
        4,
        control_image=picture(32, 32, 3),
        control_strength=0.7,
        control_stop=0.5,
        num_inference_steps=5,
        changed={"control_stop": 1.0},
    ),
    "both-until-a-third": case(
        5,
        inpaint_image=picture(32, 32, 4),
        inpaint_mask=mask(32, 32),
        control_image=picture(32, 32, 2),
        control_stop=0.34,
        num_inference_steps=3,
    ),
    "inpaint-wide": case(6, size(48, 64), inpaint_image=picture(57, 70, 2), inpaint_mask=mask(57, 70)),
    "two-prompts": case(
        7,
        TWO,
        inpaint_image=[picture(32, 32), picture(32, 32, 2)],
        inpaint_mask=[mask(32, 32), mask(32, 32, "right")],
        control_image=[picture(32, 32, 3), picture(32, 32, 4)],
    ),
    "two-images-a-prompt-two-generators": case(
        [121, 122], control_image=picture(32, 32, 2), num_images_per_prompt=2, guidance_scale=5.0
    ),
    "own-latents": case(8, latents=numbers("latents", 1, 4, 64), sigmas=[1.0, 0.6, 0.3]),
}

PIPELINES = {
    "DeDistilledFluxPipeline": {"checkpoint": "de-distilled", "cases": DE_DISTILLED},
    "FluxImg2ImgPipeline": {"checkpoint": "tiny", "cases": IMAGE_TO_IMAGE},
    "FluxInpaintPipeline": {"checkpoint": "tiny", "cases": INPAINT},
    "FluxFillPipeline": {"checkpoint": "fill", "cases": FILL},
    "FluxControlPipeline": {"checkpoint": "control", "cases": CONTROL},
    "FluxControlImg2ImgPipeline": {"checkpoint": "control", "cases": CONTROL_IMAGE_TO_IMAGE},
    "FluxControlInpaintPipeline": {"checkpoint": "control", "cases": CONTROL_INPAINT},
    "FluxControlNetPipeline": {"checkpoint": "tiny", "cases": CONTROLNET},
    "FluxControlNetImg2ImgPipeline": {"checkpoint": "tiny", "cases": CONTROLNET_IMAGE_TO_IMAGE},
    "FluxControlNetInpaintPipeline": {"checkpoint": "tiny", "cases": CONTROLNET_INPAINT},
    "FluxKontextPipeline": {"checkpoint": "tiny", "cases": KONTEXT},
    "FluxKontextInpaintPipeline": {"checkpoint": "tiny", "cases": KONTEXT_INPAINT},
    "Flex2Pipeline": {"checkpoint": "flex", "cases": FLEX},
}

TEXT_TO_IMAGE = {
    "true-cfg": case(0, negative_prompt=SQUARE, true_cfg_scale=3.0, changed={"seed": 1}),
    "wide-two-prompts-two-generators": case([5, 6], size(80, 48), TWO, guidance_scale=2.0),
}


def first(count: int, cases: dict) -> dict:
    return {title: cases[title] for title in list(cases)[:count]}


# In half precision a CPU takes many times longer, so a few of each.
HALF = {"FluxPipeline": {"checkpoint": "tiny", "cases": TEXT_TO_IMAGE}} | {
    name: entry | {"cases": first(2, entry["cases"])} for name, entry in PIPELINES.items()
}
