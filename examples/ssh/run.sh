#!/usr/bin/env bash
# Runs a scenario with workers on other machines, which it starts over SSH:
#
#   HOSTS="load1 load2 me@load3" ./run.sh scenario.ts -u 500 -t 5m --html report.html
#
# The master runs here. Each worker reaches it through the SSH connection, so no port is opened and
# no token is needed. The hosts need Node and the package drumline, but not the scenario. The exit
# code is that of the run.
#
#   HOSTS            hosts, separated by spaces, as ssh knows them; one worker each
#   DRUMLINE         the command here (default: drumline)
#   REMOTE_DRUMLINE  the command on the hosts (default: drumline), such as "npx drumline"
#   WORKER_OPTIONS   options of `drumline worker`, such as "--lanes 4"
#   SSH              the ssh command (default: ssh), such as "ssh -i key.pem"
set -euo pipefail

read -ra hosts <<< "${HOSTS:-}"
read -ra drumline <<< "${DRUMLINE:-drumline}"
read -ra ssh <<< "${SSH:-ssh}"
remote_drumline=${REMOTE_DRUMLINE:-drumline}
worker_options=${WORKER_OPTIONS:-}
ssh+=(-o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3)

if [ ${#hosts[@]} -eq 0 ] || [ $# -eq 0 ]; then
  echo 'usage: HOSTS="load1 load2" run.sh scenario.ts [options of drumline master]' >&2
  exit 2
fi

# Every problem is found before anything is started.
version=$("${drumline[@]}" --version)
faults=0
for host in "${hosts[@]}"; do
  found=$("${ssh[@]}" "$host" "$remote_drumline --version" </dev/null 2>&1) || true
  if [ "$found" != "$version" ]; then
    echo "error: $host: drumline $version is needed there; '$remote_drumline --version' printed: $found" >&2
    faults=1
  fi
done
[ "$faults" = 0 ] || exit 2

# A free port here, and one on each host.
port=$(node -e 'const server = require("net").createServer().listen(0, "127.0.0.1", () => {
  console.log(server.address().port);
  server.close();
});')
workers=()
cleanup() {
  # Workers that were dismissed end by themselves. One whose tunnel is cut ends within seconds.
  for ((waited = 0; waited < 20; waited += 1)); do
    [ -n "$(jobs -rp)" ] || return 0
    sleep 0.5
  done
  kill "${workers[@]}" 2>/dev/null || true
}
trap cleanup EXIT
# Ctrl-C is for the master, which stops the run gracefully.
trap ':' INT

for index in "${!hosts[@]}"; do
  host=${hosts[$index]}
  remote_port=$((20000 + (RANDOM + index * 997) % 10000))
  "${ssh[@]}" -o ExitOnForwardFailure=yes -R "127.0.0.1:$remote_port:127.0.0.1:$port" "$host" \
    "$remote_drumline worker --master tcp://127.0.0.1:$remote_port --name ${host##*@}-$index \
      --connect-timeout 2m --orphan-grace 10s --reconnect-for 30s $worker_options" \
    </dev/null > >(while IFS= read -r line; do echo "[$host] $line"; done) 2>&1 &
  workers+=($!)
done

code=0
"${drumline[@]}" master "$@" --bind "tcp://127.0.0.1:$port" --expect-workers "${#hosts[@]}" \
  --expect-workers-max-wait 2m || code=$?
exit "$code"
