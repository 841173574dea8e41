"""The metrics of golden against scikit-image, piq, flip-evaluator and ImageHash: one pair of pictures, one core, in one run.

    mvn -q -Dmaven.test.skip=true package
    python benchmarks/golden_metrics.py [--side 1024] [--rounds 9] [--many]

Needs the packages that tools/reference/metrics.py names. Java's times are the medians that JMH sampled after six seconds to warm up; Python's
are medians of as many rounds as asked for, after one to warm up. Both work on decoded pictures and on one thread. --many adds 500 pairs of
512x512 on two threads from a cold start in a heap of 256 MB: decoded ones by the six metrics, and with FLIP; and files by all that the kit
does with a pair, from reading the golden to the report's line.

"six" is MAE, PSNR, SSIM, MS-SSIM and both hashes. The peers have no call for all of them, so theirs is the sum of six calls.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
CLASSES = [HERE / "target/classes", ROOT / "golden/kit/target/classes", ROOT / "golden/metrics/target/classes", ROOT / "providers/core/target/classes"]
LIBRARIES = f"{HERE}/target/lib/*:{ROOT}/cli/target/lib/*"
SIX = ["MAE", "PSNR", "SSIM", "MS_SSIM", "DHASH", "PHASH"]


def ours(benchmark: str, folder: pathlib.Path) -> dict[str, float]:
    """Medians by the name of the metric, in the benchmark's unit."""
    result = folder / "result.json"
    command = ["java", "-cp", ":".join([*map(str, CLASSES), LIBRARIES]), "org.openjdk.jmh.Main", f"golden.{benchmark}[.]"]
    subprocess.run([*command, "-p", f"folder={folder}", "-rf", "json", "-rff", result, "-v", "SILENT"], check=True)
    runs = json.loads(result.read_text())
    return {run["params"]["metrics"]: run["primaryMetric"]["scorePercentiles"]["50.0"] for run in runs}


def theirs(folder: pathlib.Path, rounds: int) -> dict[str, float]:
    sys.path.insert(0, str(ROOT / "tools/reference"))
    import imagehash
    import metrics
    import numpy
    import piq
    import torch
    from PIL import Image
    from skimage.feature import canny, hog
    from skimage.metrics import peak_signal_noise_ratio

    torch.set_num_threads(1)
    images = [Image.open(folder / name).convert("RGB") for name in ("expected.png", "actual.png")]
    pixels = [numpy.asarray(image) for image in images]
    values = [pixel / 255.0 for pixel in pixels]
    batches = [torch.from_numpy(pixel.transpose(2, 0, 1).copy()).float()[None] / 255 for pixel in pixels]
    greys = [numpy.asarray(image.convert("L")) / 255.0 for image in images]
    calls = {
        "MAE": lambda: numpy.abs(pixels[0].astype(int) - pixels[1]).mean(),
        "PSNR": lambda: peak_signal_noise_ratio(*pixels),
        "SSIM": lambda: metrics.similarity(*pixels, data_range=255),
        "MS_SSIM": lambda: piq.multi_scale_ssim(*batches),
        "DHASH": lambda: [imagehash.dhash(image) for image in images],
        "PHASH": lambda: [imagehash.phash(image) for image in images],
        "GMSD": lambda: piq.gmsd(*batches),
        "CIEDE2000": lambda: metrics.differences(*values).mean(),
        "FLIP": lambda: metrics.flip(*values).mean(),
        "EDGE_OVERLAP": lambda: metrics.edge_overlap(*(canny(grey, mode="nearest") for grey in greys)),
        "STRUCTURE_OVERLAP": lambda: [hog(grey, pixels_per_cell=(16, 16), cells_per_block=(2, 2)) for grey in greys],
        "PERCEPTUAL_DISTANCE": lambda: metrics.distance(*images),
    }
    medians = {}
    for name, call in calls.items():
        call()
        times = []
        for _ in range(rounds):
            started = time.perf_counter()
            call()
            times.append((time.perf_counter() - started) * 1000)
        medians[name] = statistics.median(times)
    medians["six"] = sum(medians[name] for name in SIX)
    return medians


def pair(folder: pathlib.Path, side: int) -> None:
    sys.path.insert(0, str(ROOT / "tools/reference"))
    import metrics

    scene = metrics.scene(side, side)
    scene.save(folder / "expected.png")
    metrics.jpeg(metrics.noisy(scene, 4), 80).save(folder / "actual.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--many", action="store_true")
    chosen = parser.parse_args()
    # Before the libraries start their threads.
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        pair(folder, chosen.side)
        print(f"load at the start {os.getloadavg()[0]:.1f}")
        java = ours("OnePair", folder)
        python = theirs(folder, chosen.rounds)
        print(f"{chosen.side}x{chosen.side}, medians in ms | fluxbridge | peers")
        for metric, milliseconds in java.items():
            print(f"{metric} | {milliseconds:.1f} | {python[metric]:.1f}")
        if chosen.many:
            for metrics, seconds in ours("ManyPairs", folder).items():
                print(f"500 pairs of 512x512 on two threads, {metrics}: {seconds:.1f} s")
        print(f"load at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
