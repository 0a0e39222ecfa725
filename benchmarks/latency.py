#!/usr/bin/python3
"""Latency of this project beside ONNX Runtime, or of compressed networks beside
those they come from, in turns.

For each net both programs load NET.mlmodel and NET.onnx, get ready, and then
predict one after the other, run by run, so that whatever else the machine does
meets both. The ratio is that of the medians: below 1 ours is faster.

With --packed, `mlmodel compress` makes compressed versions of each net, and ours
runs with all of them in turns; below 1 the compressed one is faster.

Before and after, the calibration line tells what one thread can do at best; a
great difference between the two says that the machine was not left alone.
"""
import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMES = "palettize 4,palettize 8,quantize 8"
NETS = "squeezenet11,mobilenet_v1,mobilenet_v2,resnet50,faststyle256,bert_base,lstm"


class Runner:
    """A program that predicts once for each line that it is sent."""

    def __init__(self, command, environment=None):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, **(environment or {})))
        self.command = command

    def read(self):
        line = self.process.stdout.readline().strip()
        if not line:
            raise RuntimeError(f"{' '.join(map(str, self.command))} ended "
                               f"with status {self.process.wait()}")
        return line

    def wait_until_ready(self):
        if self.read() != "ready":
            raise RuntimeError(f"{self.command[0]} does not take turns")

    def predict(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.read())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Times:
    """Milliseconds of one program's predictions."""

    def __init__(self, values):
        self.median = statistics.median(values)
        self.least, self.greatest = min(values), max(values)

    def __str__(self):
        return f"{self.median:.2f} ({self.least:.2f} - {self.greatest:.2f})"


def pinned(options, command):
    cores = ",".join(map(str, range(options.first_core,
                                    options.first_core + options.threads)))
    return ["taskset", "-c", cores] + [str(word) for word in command]


def start_ours(options, model):
    return Runner(pinned(options, [
        options.build / "bin/mlmodel", "benchmark", model, "--stepwise",
        "--threads", options.threads] + options.mlmodel_option))


def start_theirs(options, model):
    script = ROOT / "benchmarks/onnxruntime.js"
    return Runner(pinned(options, ["node", script, model, options.threads]),
                  {"NODE_PATH": str(options.ort / "node_modules")})


def take_turns(options, runners):
    """The times of each of the runners."""
    try:
        for runner in runners:
            runner.wait_until_ready()
        times = [[runner.predict() for runner in runners]
                 for _ in range(options.warmup + options.runs)]
    finally:
        for runner in runners:
            runner.close()
    return [Times(values) for values in zip(*times[options.warmup:])]


def measure(options, net):
    """The times of ours and, with ONNX Runtime, of theirs."""
    runners = [start_ours(options, options.nets / f"{net}.mlmodel")]
    if options.ort:
        runners.append(start_theirs(options, options.nets / f"{net}.onnx"))
    return take_turns(options, runners)


def compress(options, net, scheme):
    """The compressed version of a net, made if it is missing."""
    path = options.nets / f"{net}.{scheme.replace(' ', '')}.mlmodel"
    if not path.exists():
        subprocess.run([options.build / "bin/mlmodel", "compress",
                        options.nets / f"{net}.mlmodel", "-o", path]
                       + f"--{scheme}".split(), check=True,
                       stdout=subprocess.DEVNULL)
    return path


def measure_packed(options, net):
    """The times of a net as it is and of its compressed versions."""
    models = [options.nets / f"{net}.mlmodel"]
    models += [compress(options, net, scheme)
               for scheme in options.packed.split(",")]
    return take_turns(options,
                      [start_ours(options, model) for model in models])


def calibrate(options):
    tool = options.build / "bin/mlmodel-bench-peak"
    result = subprocess.run(pinned(options, [tool]), check=True,
                            capture_output=True, text=True)
    peak = json.loads(result.stdout)
    return (f"one thread: {peak['gflops']:.1f} GFLOP/s of fused multiply-adds, "
            f"{peak['gbytes']:.1f} GB/s read from memory")


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown processor"


def make_nets(options, nets):
    """Generates what is missing of the nets."""
    suffixes = [".mlmodel"] + ([".onnx"] if options.ort else [])
    missing = [net for net in nets
               if not all((options.nets / (net + s)).exists() for s in suffixes)]
    if not missing:
        return
    generator = options.shared / "bench/gen_nets.py"
    if not generator.exists():
        sys.exit(f"latency.py: {', '.join(missing)}: not in {options.nets}, and "
                 f"there is no {generator} to make them")
    subprocess.run(["/usr/bin/python3", generator, "--out", options.nets,
                    "--no-oracle", "--nets", ",".join(missing)], check=True,
                   stdout=sys.stderr)


def install_onnxruntime(folder):
    if (folder / "node_modules/onnxruntime-node").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    # Its script would fetch what only graphics cards need.
    subprocess.run(["npm", "install", "--ignore-scripts", "--prefix", folder,
                    "onnxruntime-node"], check=True, stdout=sys.stderr)


def make_table(rows):
    lines = ["| net | ours ms: median (least - greatest) | ONNX Runtime ms | ratio |",
             "|---|---|---|---|"]
    ratios = []
    for net, times in rows:
        theirs, ratio = "not installed", ""
        if len(times) == 2:
            ratios.append(times[0].median / times[1].median)
            theirs, ratio = times[1], f"{ratios[-1]:.2f}"
        lines.append(f"| {net} | {times[0]} | {theirs} | {ratio} |")
    if ratios:
        mean = math.exp(statistics.fmean(map(math.log, ratios)))
        lines.append(f"| geometric mean | | | {mean:.2f} |")
    return "\n".join(lines)


def make_packed_table(schemes, rows):
    lines = ["| net | float32 ms: median (least - greatest) | "
             + " | ".join(f"{scheme} | ratio" for scheme in schemes) + " |",
             "|---" * (2 + 2 * len(schemes)) + "|"]
    for net, (dense, *packed) in rows:
        cells = [f"{times} | {times.median / dense.median:.2f}"
                 for times in packed]
        lines.append(f"| {net} | {dense} | {' | '.join(cells)} |")
    return "\n".join(lines)


def write_docs(path, name, text):
    """Replaces what is between the markers of this table."""
    begin, end = f"<!-- {name} begin -->\n", f"<!-- {name} end -->"
    old = path.read_text()
    if begin not in old or end not in old:
        sys.exit(f"latency.py: {path} has no markers '{name}'")
    head, rest = old.split(begin, 1)
    path.write_text(head + begin + text + end + rest.split(end, 1)[1])


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--nets", type=pathlib.Path, default=ROOT / "build/nets",
                        help="folder of NET.mlmodel and NET.onnx")
    parser.add_argument("--names", default=NETS, help="which nets, with commas")
    parser.add_argument("--ort", type=pathlib.Path,
                        help="folder of npm's onnxruntime-node, which is "
                             "installed there if it is missing; without it only "
                             "ours runs")
    parser.add_argument("--packed", nargs="?", const=SCHEMES,
                        help="measure compressed versions instead: which, with "
                             f"commas ({SCHEMES})")
    parser.add_argument("--shared", type=pathlib.Path,
                        default=ROOT.parent / "shared")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--warmup", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--first-core", type=int, default=0,
                        help="both programs run on this core and the next ones")
    parser.add_argument("--mlmodel-option", action="append", default=[],
                        help="passed on to mlmodel benchmark")
    parser.add_argument("--docs", type=pathlib.Path,
                        help="write the table between the markers of this page")
    return parser.parse_args()


def main():
    options = parse_arguments()
    nets = options.names.split(",")
    if options.packed:
        options.ort = None
    if options.ort:
        install_onnxruntime(options.ort)
    make_nets(options, nets)
    before = calibrate(options)
    print(f"{processor()}, {before}", file=sys.stderr)
    rows = []
    for net in nets:
        try:
            rows.append((net, (measure_packed if options.packed else measure)(
                options, net)))
        except RuntimeError as error:
            sys.exit(f"latency.py: {net}: {error}")
        print(f"{net}: {' / '.join(map(str, rows[-1][1]))}", file=sys.stderr)
    table = (make_packed_table(options.packed.split(","), rows)
             if options.packed else make_table(rows))
    text = (f"{processor()}, threads: {options.threads}, runs: {options.runs}.\n"
            f"Before: {before}.\nAfter: {calibrate(options)}.\n\n"
            f"{table}\n")
    print(text, end="")
    if options.docs:
        name = "packed" if options.packed else "latency"
        write_docs(options.docs, f"{name}-{options.threads}", text)


if __name__ == "__main__":
    main()
