# Asks the published tables of a job and compares: source it, call expect, end with finish.
job=$1
warehouse=$2
status=0

expect() {
    local wanted=$1 query=$2 found
    found=$(./manyi sql "$job" "$query" --warehouse "$warehouse" --format csv | tail -n +2 | tr -d '\r')
    if [ "$found" = "$wanted" ]; then
        echo "ok: $wanted  <- $query"
    else
        echo "WRONG: $found, expected $wanted  <- $query"
        status=1
    fi
}

finish() {
    exit $status
}
