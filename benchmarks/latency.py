#!/usr/bin/python3
"""Latency of this project beside ONNX Runtime, or of compressed networks beside
those they come from, in turns.

For each net both programs load NET.mlmodel and NET.onnx, get ready, and then
predict one after the other, run by run, so that whatever else the machine does
meets both. The ratio is that of the medians: below 1 ours is faster. With more
than one thread, ours on one thread takes turns with them, too: its median divided
by that of all threads is how much faster they are.

With --packed, `mlmodel compress` makes compressed versions of each net, and ours
runs with all of them in turns; below 1 the compressed one is faster.

With --nbits, nets made of matrix products run with weights of 4 bits on both sides:
ours with palettes, ONNX Runtime with MatMulNBits (blocks of 32, a scale for each),
which rounds what it multiplies them with to 8 bits; ours stays exact. Weights differ,
so the outputs do.

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
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMES = "palettize 4,palettize 8,quantize 8"
NETS = "squeezenet11,mobilenet_v1,mobilenet_v2,resnet50,faststyle256,bert_base,lstm"
# Those that gen_nets.py makes with MatMulNBits.
NBITS_NETS = "gemv4096,bert_base"


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

    def predict(self, pause):
        time.sleep(pause)
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


def pinned(options, threads, command):
    cores = ",".join(map(str, range(options.first_core,
                                    options.first_core + threads)))
    return ["taskset", "-c", cores] + [str(word) for word in command]


def start_ours(options, model, threads):
    return Runner(pinned(options, threads, [
        options.build / "bin/mlmodel", "benchmark", model, "--stepwise",
        "--threads", threads] + options.mlmodel_option))


def start_theirs(options, model):
    script = ROOT / "benchmarks/onnxruntime.js"
    return Runner(pinned(options, options.threads,
                         ["node", script, model, options.threads]),
                  {"NODE_PATH": str(options.ort / "node_modules")})


def take_turns(options, runners):
    """The times of each of the runners, which have names."""
    try:
        for runner in runners.values():
            runner.wait_until_ready()
        times = [[runner.predict(options.pause) for runner in runners.values()]
                 for _ in range(options.warmup + options.runs)]
    finally:
        for runner in runners.values():
            runner.close()
    return dict(zip(runners, map(Times, zip(*times[options.warmup:]))))


def measure(options, net):
    """Times by program: ours, theirs (if ONNX Runtime is there), and, if there
    are several threads, ours on one."""
    model = options.nets / f"{net}.mlmodel"
    runners = {"ours": start_ours(options, model, options.threads)}
    if options.ort:
        runners["theirs"] = start_theirs(options, model.with_suffix(".onnx"))
    if options.threads > 1:
        runners["one thread"] = start_ours(options, model, 1)
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
    models = {"float32": options.nets / f"{net}.mlmodel"}
    for scheme in options.packed.split(","):
        models[scheme] = compress(options, net, scheme)
    return take_turns(options, {
        name: start_ours(options, model, options.threads)
        for name, model in models.items()})


def measure_nbits(options, net):
    """The times of both programs, with float32 and with 4 bits."""
    model = options.nets / f"{net}.mlmodel"
    packed = compress(options, net, "palettize 4")
    return take_turns(options, {
        "float32": start_ours(options, model, options.threads),
        "palettize 4": start_ours(options, packed, options.threads),
        "theirs": start_theirs(options, model.with_suffix(".onnx")),
        "MatMulNBits": start_theirs(options, options.nets / f"{net}_nb4.onnx")})


def calibrate(options):
    tool = options.build / "bin/mlmodel-bench-peak"
    result = subprocess.run(pinned(options, 1, [tool]), check=True,
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
    suffixes += ["_nb4.onnx"] if options.nbits else []
    missing = [net for net in nets
               if not all((options.nets / (net + s)).exists() for s in suffixes)]
    if not missing:
        return
    generator = options.shared / "bench/gen_nets.py"
    if not generator.exists():
        sys.exit(f"latency.py: {', '.join(missing)}: not in {options.nets}, and "
                 f"there is no {generator} to make them")
    subprocess.run(["/usr/bin/python3", generator, "--out", options.nets,
                    "--no-oracle", "--nets", ",".join(missing)]
                   + (["--palettize", "4"] if options.nbits else []), check=True,
                   stdout=sys.stderr)


def install_onnxruntime(folder):
    if (folder / "node_modules/onnxruntime-node").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    # Its script would fetch what only graphics cards need.
    subprocess.run(["npm", "install", "--ignore-scripts", "--prefix", folder,
                    "onnxruntime-node"], check=True, stdout=sys.stderr)


def geometric_mean(ratios):
    if not ratios:
        return ""
    return f"{math.exp(statistics.fmean(map(math.log, ratios))):.2f}"


def make_table(rows, threads):
    head = ["net", "ours ms: median (least - greatest)", "ONNX Runtime ms", "ratio"]
    if threads > 1:
        head += ["ours on one thread, ms", f"{threads} threads are faster by"]
    lines, ratios, gains = [head, ["---"] * len(head)], [], []
    for net, times in rows:
        ours, theirs, one = map(times.get, ("ours", "theirs", "one thread"))
        line = [net, ours, theirs or "not installed", ""]
        if theirs:
            ratios.append(ours.median / theirs.median)
            line[-1] = f"{ratios[-1]:.2f}"
        if one:
            gains.append(one.median / ours.median)
            line += [one, f"{gains[-1]:.2f}"]
        lines.append(line)
    last = ["geometric mean", "", "", geometric_mean(ratios)]
    lines.append(last + (["", geometric_mean(gains)] if gains else []))
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def make_packed_table(rows, threads):
    schemes = list(rows[0][1])[1:]
    lines = ["| net | float32 ms: median (least - greatest) | "
             + " | ".join(f"{scheme} | ratio" for scheme in schemes) + " |",
             "|---" * (2 + 2 * len(schemes)) + "|"]
    for net, times in rows:
        dense = times["float32"]
        cells = [f"{times[scheme]} | {times[scheme].median / dense.median:.2f}"
                 for scheme in schemes]
        lines.append(f"| {net} | {dense} | {' | '.join(cells)} |")
    return "\n".join(lines)


def make_nbits_table(rows, threads):
    head = ["net", "float32 ms: median (least - greatest)", "palettize 4 ms",
            "ONNX Runtime float32 ms", "MatMulNBits ms", "palettize 4 / float32",
            "palettize 4 / MatMulNBits"]
    lines = [head, ["---"] * len(head)]
    for net, times in rows:
        packed = times["palettize 4"].median
        lines.append([net, *times.values(),
                      f"{packed / times['float32'].median:.2f}",
                      f"{packed / times['MatMulNBits'].median:.2f}"])
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


# What to measure, and the table that is made of it.
MODES = {"latency": (measure, make_table),
         "packed": (measure_packed, make_packed_table),
         "nbits": (measure_nbits, make_nbits_table)}


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
    parser.add_argument("--names", help=f"which nets, with commas ({NETS}; "
                                        f"with --nbits {NBITS_NETS})")
    parser.add_argument("--ort", type=pathlib.Path,
                        help="folder of npm's onnxruntime-node, which is "
                             "installed there if it is missing; without it only "
                             "ours runs")
    parser.add_argument("--packed", nargs="?", const=SCHEMES,
                        help="measure compressed versions instead: which, with "
                             f"commas ({SCHEMES})")
    parser.add_argument("--nbits", action="store_true",
                        help="measure weights of 4 bits beside those of ONNX "
                             "Runtime instead; needs --ort")
    parser.add_argument("--shared", type=pathlib.Path,
                        default=ROOT.parent / "shared")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--warmup", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0.1,
                        help="seconds before each turn: threads of the program "
                             "before may still look for more work")
    parser.add_argument("--first-core", type=int, default=0,
                        help="both programs run on this core and the next ones")
    parser.add_argument("--mlmodel-option", action="append", default=[],
                        help="passed on to mlmodel benchmark")
    parser.add_argument("--docs", type=pathlib.Path,
                        help="write the table between the markers of this page")
    options = parser.parse_args()
    if options.nbits and (options.packed or not options.ort):
        parser.error("--nbits needs --ort and excludes --packed")
    if options.packed:
        options.ort = None
    options.names = options.names or (NBITS_NETS if options.nbits else NETS)
    return options


def main():
    options = parse_arguments()
    mode = ("nbits" if options.nbits else "packed" if options.packed
            else "latency")
    measure_net, format_rows = MODES[mode]
    nets = options.names.split(",")
    if options.ort:
        install_onnxruntime(options.ort)
    make_nets(options, nets)
    before = calibrate(options)
    print(f"{processor()}, {before}", file=sys.stderr)
    rows = []
    for net in nets:
        try:
            rows.append((net, measure_net(options, net)))
        except RuntimeError as error:
            sys.exit(f"latency.py: {net}: {error}")
        print(f"{net}: {' / '.join(map(str, rows[-1][1].values()))}", file=sys.stderr)
    text = (f"{processor()}, threads: {options.threads}, runs: {options.runs}.\n"
            f"Before: {before}.\nAfter: {calibrate(options)}.\n\n"
            f"{format_rows(rows, options.threads)}\n")
    print(text, end="")
    if options.docs:
        write_docs(options.docs, f"{mode}-{options.threads}", text)


if __name__ == "__main__":
    main()
