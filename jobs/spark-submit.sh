#!/usr/bin/env bash
# Runs a job on a Spark 4.1 cluster.
#
#   jobs/spark-submit.sh JOB.yaml [more arguments of `manyi run`]
#
#   SPARK_HOME    a Spark 4.1 installation (bin/spark-submit)
#   SPARK_MASTER  where to run: spark://HOST:7077, yarn, k8s://...; local[*] where not set
#   MANYI_JAR     the jar for spark-submit; target/manyi/submit/manyi-spark.jar where not set
#
# On a cluster every path of the job document has to be absolute and seen by all machines; the driver ends by an
# exception, not by an exit code, where the run fails. The jar brings Delta along.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ $# -ge 1 ] || { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0" >&2; exit 2; }
submit=${SPARK_HOME:?set SPARK_HOME to a Spark 4.1 installation}/bin/spark-submit
jar=${MANYI_JAR:-$here/target/manyi/submit/manyi-spark.jar}
[ -f "$jar" ] || { echo "no $jar; build it with: mvn package, or set MANYI_JAR" >&2; exit 2; }

exec "$submit" \
    --master "${SPARK_MASTER:-local[*]}" \
    --name "manyi $(basename "$1" .yaml)" \
    --class manyi.cli.Main \
    --conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension \
    --conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog \
    "$jar" run "$@"
