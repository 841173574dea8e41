"""Times the local road against diffusers: same checkpoint, call, threads and machine, in turn, in one run.

    mvn -q -Dmaven.test.skip=true package
    python benchmarks/local_text_to_image.py [--rounds 3] [--pictures 10] [--threads 2]

Needs the packages of tools/tiny-flux/requirements.txt in the Python that runs it. Each round runs a fresh process of each kind; both draw
the default call (64x64, 28 steps, 512 text positions, float32), three pictures to warm up and then the timed ones.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHECKPOINT = ROOT / "legacy-local/tiny-flux/src/main/resources/dev/fluxbridge/tinyflux"
DIFFUSERS = """
import json, sys, time
start = time.perf_counter()
import torch
from diffusers import FluxPipeline
torch.set_num_threads(int(sys.argv[3]))
pipe = FluxPipeline.from_pretrained(sys.argv[1], torch_dtype=torch.float32)
pipe.set_progress_bar_config(disable=True)
def draw(seed):
    generator = torch.Generator("cpu").manual_seed(seed)
    pipe("a large red circle at the left of a white background", height=64, width=64, generator=generator).images
draw(0)
first = time.perf_counter() - start
draw(1), draw(2)
seconds = []
for i in range(int(sys.argv[2])):
    before = time.perf_counter()
    draw(i)
    seconds.append(time.perf_counter() - before)
print(json.dumps({"first": first, "seconds": seconds}))
"""


def run(command, threads):
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"}
    output = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pictures", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    classes = f"{ROOT}/benchmarks/target/classes:{ROOT}/cli/target/lib/*"  # the command's libraries serve here too
    java = ["java", "-cp", classes, "dev.fluxbridge.benchmarks.LocalTextToImage"]
    python = [sys.executable, "-c", DIFFUSERS]
    tail = [str(CHECKPOINT), str(chosen.pictures)]
    results = {"fluxbridge": [], "diffusers": []}
    for _ in range(chosen.rounds):
        results["fluxbridge"].append(run(java + tail, chosen.threads))
        results["diffusers"].append(run(python + tail + [str(chosen.threads)], chosen.threads))
    print(f"{chosen.rounds} rounds of {chosen.pictures} pictures, {chosen.threads} threads")
    print(f"{'':12}{'s per picture':>15}{'min':>9}{'max':>9}{'start to first':>16}")
    medians = {}
    for name, rounds in results.items():
        seconds = [s for r in rounds for s in r["seconds"]]
        medians[name] = statistics.median(seconds)
        first = statistics.median(r["first"] for r in rounds)
        print(f"{name:12}{medians[name]:15.3f}{min(seconds):9.3f}{max(seconds):9.3f}{first:16.2f}")
    print(f"ratio fluxbridge / diffusers: {medians['fluxbridge'] / medians['diffusers']:.2f}")


if __name__ == "__main__":
    main()
