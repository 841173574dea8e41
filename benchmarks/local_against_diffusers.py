"""The local road against diffusers: whole processes on this machine, same checkpoint, call, threads and precision, in turn, in one run.

    mvn -q -Dmaven.test.skip=true package
    python benchmarks/local_against_diffusers.py [--sizes tiny middle vae-decode vae-encode] [--rounds 3] [--threads 2]

On an NVIDIA GPU (the same comparison; written for it and not yet run on one):

    python benchmarks/local_against_diffusers.py --device cuda --dtype bfloat16

Needs the packages of tools/tiny-flux/requirements.txt in the Python that runs it. The sizes:

    tiny        the embedded checkpoint: 64x64, 28 steps, 512 text tokens, 5 pictures after 3 to warm up
    middle      random weights of a fixed seed: 4 double and 8 single blocks of width 1024 (8 heads of 128), 277 million parameters;
                512x512 (1024 image tokens), 512 text tokens, one picture of 6 steps; encoders and autoencoder of the tiny checkpoint
    vae-decode  FLUX's autoencoder at full size ([128, 256, 512, 512], two layers a block), random weights: one picture of 1024x1024
    vae-encode  the same the other way

Each round runs a fresh process of each kind, one after the other; who begins changes from round to round. A step's time is the time from
one call of callback_on_step_end to the next, so the first step of each picture is not counted; the autoencoder first runs once at 64x64.
Peak memory is the resident set's high water mark as the kernel counted it for the whole process: with the runtime, the library and
the weights. Both sides draw the same random numbers, and the run ends with an error if their results are not alike.

The ratio is that of the medians over all rounds; "rounds" shows the ratio of each, which tells how far the machine's other work
disturbed it; "on processors" is the mean time that the whole process computed, waiting left out, which other work disturbs less (a mean,
because Java counts it in hundredths of a second). The load average at the start and at the end is printed too.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TINY = HERE.parent / "legacy-local/tiny-flux/src/main/resources/dev/fluxbridge/tinyflux"
# The command's libraries serve here too; class files come first, so that one module can be built alone.
CLASSES = f"{HERE}/target/classes:{HERE.parent}/cli/target/lib/*"
MIB = 2**20 if sys.platform == "darwin" else 2**10  # of ru_maxrss, which is in bytes there and in KiB elsewhere
DIFFERENCE = 0.01  # of the mean of the absolute values of two results; float32's rounding is far below it

DRAWINGS = {"tiny": dict(pixels=64, steps=28, warm_up=3, pictures=5), "middle": dict(pixels=512, steps=6, warm_up=0, pictures=1)}
CODINGS = {"vae-decode": "decode", "vae-encode": "encode"}
SIZES = [*DRAWINGS, *CODINGS]


def commands(size, chosen, folder):
    """The two processes that compute the same."""
    python = [sys.executable, str(HERE / "diffusers_side.py")]
    java = ["java", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", f"-Dfluxbridge.local.threads={chosen.threads}", "-cp", CLASSES]
    where = [chosen.device, chosen.dtype, str(chosen.threads)]
    if size in CODINGS:
        arguments = [str(folder), CODINGS[size], str(chosen.pixels), *where]
        return {
            "fluxbridge": [*java, "dev.fluxbridge.benchmarks.LocalAutoencoder", *arguments],
            "diffusers": [*python, "autoencoder", *arguments],
        }
    drawing = DRAWINGS[size]
    arguments = [str(folder), *(str(drawing[name]) for name in ("pixels", "steps", "warm_up", "pictures")), *where]
    return {
        "fluxbridge": [*java, "dev.fluxbridge.benchmarks.LocalSteps", *arguments],
        "diffusers": [*python, "steps", *arguments],
    }


def run(command, threads):
    """What the process printed last, with its peak memory in MiB."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{pathlib.Path(command[0]).name} ended with {process.returncode}; its own words are above")
    return {**json.loads(output.strip().splitlines()[-1]), "peak": usage.ru_maxrss / MIB}


def measure(size, chosen, folder):
    rounds = []
    for index in range(chosen.rounds):
        both = commands(size, chosen, folder)
        order = list(both) if index % 2 == 0 else list(both)[::-1]
        results = {name: run(both[name], chosen.threads) for name in order}
        ours, theirs = (results[name]["magnitude"] for name in both)
        if not abs(ours - theirs) <= DIFFERENCE * theirs:
            raise SystemExit(f"{size}: the results are not alike: the mean magnitude is {ours:.5f}, and diffusers' is {theirs:.5f}")
        rounds.append(results)
    return rounds


def table_row(size, rounds):
    def columns(measured, digits, average=statistics.median):
        ours, theirs = (average(number for r in rounds for number in measured(r[name])) for name in ("fluxbridge", "diffusers"))
        return f"{ours:12.{digits}f}{theirs:12.{digits}f}{ours / theirs:7.2f}"

    each = [statistics.median(r["fluxbridge"]["seconds"]) / statistics.median(r["diffusers"]["seconds"]) for r in rounds]
    return (
        f"{size:12}{columns(lambda r: r['seconds'], 4)}{columns(lambda r: r['cpu'], 4, statistics.fmean)}{columns(lambda r: [r['peak']], 0)}"
        f"{columns(lambda r: [r['first']], 1)}   {' '.join(f'{ratio:.2f}' for ratio in each)}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16", "float16"])
    parser.add_argument("--pixels", type=int, default=1024, help="side of the autoencoder's picture")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        for size in chosen.sizes:
            folder = TINY
            if size != "tiny":
                kind = "vae" if size in CODINGS else size
                folder = pathlib.Path(temporary, kind)
                if not folder.exists():  # made by another process: what this one once held would count as its children's peak
                    run([sys.executable, str(HERE / "diffusers_side.py"), "make", kind, str(TINY), str(folder)], chosen.threads)
            rows.append(table_row(size, measure(size, chosen, folder)))
            print(rows[-1], file=sys.stderr, flush=True)
    print(f"{chosen.rounds} rounds, {chosen.threads} threads, {chosen.device}, {chosen.dtype}; load {load:.1f} to {os.getloadavg()[0]:.1f}")
    groups = ["seconds a step or picture", "the same on processors", "peak MiB", "start to first, s"]
    print(f"{'':12}" + "".join(f"{group:>31}" for group in groups))
    print(f"{'':12}" + f"{'fluxbridge':>12}{'diffusers':>12}{'ratio':>7}" * len(groups) + "   rounds")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
