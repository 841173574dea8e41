"""fal's client against bare OkHttp and fal's own clients, on loopback: whole processes that take turns in one run.

    mvn -q -Dmaven.test.skip=true package
    python benchmarks/fal_client.py [call] [waiting] [submits] [upload] [--official]

The other side is a stand-in for fal in a process of its own (benchmarks/.../fal/StandIn.java: a thread for each connection, one write for
each answer). Processes that are compared live at the same time and take turns: a few exchanges of one, then of the next, and who begins
changes from round to round. A ratio is the median of the ratios of all rounds, each to bare OkHttp's turn in the same round.

    call      submit, three looks, result, 1 MB of picture
    waiting   1,000 requests wait at once on one client, in a JVM of 100 MB
    submits   10,000 submits: what has grown since the first 1,000
    upload    a file and a stream of unknown length, in parts of 10 MiB, three at a time; then 2 GB in a JVM of 64 MB

--official adds fal's own clients: the Java one 0.7.1 (with OkHttp 4.12, so in a JVM of its own) and the JavaScript one 1.10.1. Maven and
npm fetch them into benchmarks/official first; the build knows nothing of them.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
OFFICIAL = HERE / "official"
# The command's libraries serve here too; class files come first, so that one module can be built alone.
OWN = [HERE / "target/classes", ROOT / "providers/core/target/classes", ROOT / "providers/fal/target/classes"]
CLASSES = ":".join(map(str, [*OWN, f"{ROOT}/cli/target/lib/*"]))
QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"


def java(*arguments, options=(), classes=CLASSES):
    return ["java", QUIET, *options, "-cp", classes, *map(str, arguments)]


def ours(name, *arguments, options=()):
    return java(f"dev.fluxbridge.benchmarks.fal.{name}", *arguments, options=options)


class Peer:
    """A process that works when it is told to."""

    def __init__(self, command, **more):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **more)
        self.first = self.line()

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args[:1]} ended with {self.process.wait()}; its own words are above")
        return line.strip()

    def turn(self, times):
        self.process.stdin.write(f"{times}\n")
        self.process.stdin.flush()
        return json.loads(self.line())

    def peak(self):
        """The most memory that it had at any time, heap and all, in MiB (Linux)."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))) / 1024

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def take_turns(commands, rounds, times, warm_up, options=None):
    """For each name, its turns: the seconds of each exchange, and the mean ones on processors."""
    peers = {name: Peer(command) for name, command in commands.items()}
    turns = {name: [] for name in peers}
    try:
        for index in range(rounds + len(warm_up)):
            names = list(peers) if index % 2 == 0 else list(peers)[::-1]
            count = warm_up[index] if index < len(warm_up) else times
            for name in names:
                turn = peers[name].turn(count)
                if index >= len(warm_up):
                    turns[name].append((turn["seconds"], turn["cpu"] / count))
    finally:
        for peer in peers.values():
            peer.__exit__()
    return turns


def table(title, turns, unit, scale, note=""):
    base = next(iter(turns))  # what the others are compared with
    heads = [title, unit, "ratio", "quartiles of the rounds' ratios", f"fastest tenth, {unit}", "ratio", f"on processors, {unit}", "ratio"]
    rows = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]

    def fastest(measured):
        all_seconds = sorted(second for seconds, _ in measured for second in seconds)
        return statistics.fmean(all_seconds[: max(1, len(all_seconds) // 10)])

    def on_processors(measured):
        return statistics.fmean(cpu for _, cpu in measured)

    for name, measured in turns.items():
        medians = [statistics.median(seconds) for seconds, _ in measured]
        ratios = [mine / statistics.median(theirs) for mine, (theirs, _) in zip(medians, turns[base])]
        low, middle, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
        cells = [f"{statistics.median(medians) * scale:.2f}", f"{middle:.2f}", f"{low:.2f} to {high:.2f}"]
        for measure in (fastest, on_processors):
            cells += [f"{measure(measured) * scale:.2f}", f"{measure(measured) / measure(turns[base]):.2f}"]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    print("\n".join(rows) + "\n", flush=True)


def official():
    """Fetches and compiles what fal's own clients need; the class path of the Java one."""
    target = OFFICIAL / "target"
    target.mkdir(exist_ok=True)
    path = target / "classpath"
    subprocess.run(["mvn", "-q", "-f", OFFICIAL / "pom.xml", "dependency:build-classpath", f"-Dmdep.outputFile={path}"], check=True)
    classes = f"{target}:{HERE}/target/classes:{path.read_text().strip()}"
    subprocess.run(["javac", "--release", "17", "-proc:none", "-d", target, "-cp", classes, OFFICIAL / "OfficialJava.java"], check=True)
    if not (OFFICIAL / "node_modules").exists():
        subprocess.run(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"], cwd=OFFICIAL, check=True)
    return classes


def call(chosen):
    for pause in chosen.pauses:
        with Peer(ours("StandIn")) as server:
            base = server.first
            commands = {
                "bare OkHttp 5, polling": ours("Call", base, "okhttp", pause),
                "fluxbridge, polling": ours("Call", base, "ours", pause),
                "fluxbridge, listening": ours("Call", base, "ours-listening", pause),
            }
            if chosen.official:
                classes = official()
                commands |= {
                    "fal's Java client, polling by hand": java("OfficialJava", base, "polling", pause, classes=classes),
                    "fal's Java client, listening": java("OfficialJava", base, "listening", pause, classes=classes),
                    "fal's JavaScript client, polling": ["node", str(OFFICIAL / "javascript.mjs"), base, "polling", str(pause)],
                }
            turns = take_turns(commands, chosen.rounds, chosen.times, [1500, 1500, 1000])
        table(f"call, {pause / 1000:g} ms between looks", turns, "ms", 1e3)


def waiting(chosen):
    with Peer(ours("StandIn")) as server, Peer(ours("Waiting", server.first, options=["-Xmx100m"])) as client:
        full = client.turn(chosen.jobs)
        busy = time.monotonic()
        looks = ask(server, "counts")["looks"]
        time.sleep(5)
        counts = ask(server, "counts")
        pace = (counts["looks"] - looks) / (time.monotonic() - busy)
        ask(server, "release", b"")
        done = client.turn(1)
    before = full["before"]
    rows = [
        f"| {chosen.jobs} requests wait on one client, -Xmx100m | before it | all wait | more | all done |",
        "|---|---:|---:|---:|---:|",
        f"| threads | {before['threads']} | {full['threads']} | {full['threads'] - before['threads']} | {done['threads']} |",
        f"| threads at most | {before['threads']} | {done['most_threads']} | {done['most_threads'] - before['threads']} | |",
        f"| heap in use, MB | {before['heap']:.1f} | {full['heap']:.1f} | {full['heap'] - before['heap']:.1f} | {done['heap']:.1f} |",
        f"| connections | 0 | {counts['connections'] - 1} | | |",
        f"| looks a second | | {pace:.0f} | | |",
        "",
        f"Threads while all wait, the Java machine's own left out: {full['names']}",
    ]
    print("\n".join(rows) + "\n", flush=True)


def submits(chosen):
    with Peer(ours("StandIn")) as server, Peer(ours("Submits", server.first)) as client:
        points = []
        for more in (1000, 1000, 8000):
            kept = client.turn(more)
            points.append({**kept, "connections": ask(server, "counts")["connections"] - 1})
    rows = ["| submits on one client | heap in use, MB | threads | open files | connections |", "|---:|---:|---:|---:|---:|"]
    for count, kept in zip((1000, 2000, 10000), points):
        rows.append(f"| {count} | {kept['heap']:.2f} | {kept['threads']} | {kept['files']} | {kept['connections']} |")
    print("\n".join(rows) + "\n", flush=True)


def ask(server, path, data=None):
    with urllib.request.urlopen(f"{server.first}/{path}", data) as answer:
        return json.load(answer)


def upload(chosen):
    with tempfile.TemporaryDirectory() as folder, Peer(ours("StandIn")) as server:
        file = pathlib.Path(folder, "large.bin")
        fill(file, chosen.mib)
        kinds = {
            "file": {
                "bare OkHttp 5, file in parts": "okhttp-file",
                "fluxbridge, file": "ours-file",
                "bare OkHttp 5, file in one PUT": "okhttp-put",
            },
            "stream of unknown length": {
                "bare OkHttp 5, stream in parts": "okhttp-stream",
                "fluxbridge, stream": "ours-stream",
                "bare OkHttp 5, file in one PUT": "okhttp-put",
            },
        }
        for kind, names in kinds.items():
            commands = {name: ours("Upload", server.first, what, file) for name, what in names.items()}
            table(f"upload of {chosen.mib} MiB, {kind}", take_turns(commands, chosen.uploads, 1, [1]), "s", 1)
        fill(file, 2048)
        rows = ["| upload of 2048 MiB by fluxbridge, -Xmx64m | s | peak of the process, MiB |", "|---|---:|---:|"]
        for kind in ("file", "stream"):
            with Peer(ours("Upload", server.first, f"ours-{kind}", file, options=["-Xmx64m"])) as client:
                seconds = client.turn(1)["seconds"][0]
                rows.append(f"| {kind} | {seconds:.2f} | {client.peak():.0f} |")
    print("\n".join(rows) + "\n", flush=True)


def fill(file, mib):
    piece = os.urandom(2**20)
    with file.open("wb") as out:
        for _ in range(mib):
            out.write(piece)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["call", "waiting", "submits", "upload"])
    parser.add_argument("--official", action="store_true")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--times", type=int, default=25, help="calls of one turn")
    parser.add_argument("--pauses", type=int, nargs="+", default=[0, 1000], help="microseconds between two looks")
    parser.add_argument("--jobs", type=int, default=1000, help="that wait at once")
    parser.add_argument("--mib", type=int, default=1024, help="of an upload")
    parser.add_argument("--uploads", type=int, default=7, help="rounds of uploads")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    for what in chosen.what:
        {"call": call, "upload": upload, "waiting": waiting, "submits": submits}[what](chosen)
    version = subprocess.run(["java", "-version"], stderr=subprocess.PIPE, text=True).stderr.splitlines()[0]
    print(f"{os.cpu_count()} processors, load {load:.1f} to {os.getloadavg()[0]:.1f}; {version}")


if __name__ == "__main__":
    main()
