#!/usr/bin/env bash
# The thin jar on a real cluster: a standalone master and worker from PyPI's Spark, driven by spark-submit. The tables
# must have the content digests of a run on this machine alone.
set -euo pipefail
work=$1
port=17077
python3 -m venv "$work/spark"
"$work/spark/bin/pip" install -q --disable-pip-version-check pyspark==4.1.0
SPARK_HOME=$(echo "$work"/spark/lib/python3*/site-packages/pyspark)
export SPARK_HOME SPARK_LOCAL_IP=127.0.0.1
export SPARK_LOG_DIR=$work/cluster SPARK_WORKER_DIR=$work/cluster/work MANYI_HOME=$PWD/target/manyi
export MANYI_SAMPLES=$MANYI_HOME/data-samples
mkdir -p "$SPARK_LOG_DIR"

pids=()
stop() {
    for pid in "${pids[@]}"; do
        kill "$pid" 2> /dev/null || true
    done
    wait 2> /dev/null || true
}
trap stop EXIT

"$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master \
    --host 127.0.0.1 --port $port --webui-port 0 > "$work/cluster/master.log" 2>&1 &
pids+=($!)
"$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker \
    --host 127.0.0.1 --webui-port 0 --cores 2 --memory 2g "spark://127.0.0.1:$port" > "$work/cluster/worker.log" 2>&1 &
pids+=($!)
for _ in $(seq 60); do
    grep -q 'Successfully registered with master' "$work/cluster/worker.log" && break
    sleep 1
done
grep -q 'Successfully registered with master' "$work/cluster/worker.log"

rm -rf "$work/on-cluster" "$work/on-machine"
"$SPARK_HOME/bin/spark-submit" --master "spark://127.0.0.1:$port" --executor-memory 1g --driver-memory 1g \
    --class manyi.cli.Main target/manyi/submit/manyi-spark.jar \
    run "$MANYI_HOME/jobs/demo.yaml" --warehouse "$work/on-cluster" > "$work/on-cluster.txt" 2> "$work/on-cluster.log" || {
    tail -n 40 "$work/on-cluster.log"
    exit 1
}
./manyi run "$MANYI_HOME/jobs/demo.yaml" --warehouse "$work/on-machine" > "$work/on-machine.txt"

digests() {
    grep -E '^[a-z_]+ +[0-9]+ +[0-9a-f]{32}$' "$1" | sort
}
digests "$work/on-cluster.txt"
[ -n "$(digests "$work/on-cluster.txt")" ]
diff <(digests "$work/on-cluster.txt") <(digests "$work/on-machine.txt") && echo "equal digests on the cluster and on one machine"

# an exit code reaches whoever called spark-submit
code=0
"$SPARK_HOME/bin/spark-submit" --master "spark://127.0.0.1:$port" --class manyi.cli.Main \
    target/manyi/submit/manyi-spark.jar run nothing-of-this-name.yaml > /dev/null 2>&1 || code=$?
[ $code -eq 2 ] && echo "a missing job document ends with exit code 2"
