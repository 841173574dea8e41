#!/usr/bin/env bash
# What deciding costs, how soon the kill switch counts, and how exact splits are. About ten minutes.
#
#   benchmarks/rollout.sh [what RouterDecision's benchmarks are called, for example builtIn]
#
# Look at p0.50 of the "sample" rows on a machine that does other things too, and at gc.alloc.rate.norm for bytes a call.
set -euo pipefail
cd "$(dirname "$0")/.."

mvn -q process-classes -pl benchmarks -am
path="benchmarks/target/classes:$(cat benchmarks/target/classpath)"
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
java -cp "$path" dev.fluxbridge.benchmarks.rollout.KillSwitchLatency 2> /dev/null
java -cp "$path" dev.fluxbridge.benchmarks.rollout.SplitError 2> /dev/null
java -cp "$path" org.openjdk.jmh.Main "RouterDecision.*${1:-}" -prof gc 2> /dev/null |
  grep -E '^(Benchmark|RouterDecision[^ :]+ |RouterDecision.*(p0\.50|gc\.alloc\.rate\.norm))'
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
