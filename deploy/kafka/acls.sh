#!/usr/bin/env bash
# Gives the platform's user, or an integrator's, the rights of acls.csv, with Kafka's own
# kafka-acls.sh. It changes nothing that is there already.
#
#   BOOTSTRAP=k1:9093 CONFIG=admin.properties ./acls.sh platform atvsld
#   BOOTSTRAP=k1:9093 CONFIG=admin.properties ./acls.sh integrator demo-user demo
#
# DRY=1 prints the commands and runs none.
set -euo pipefail
[ "$#" -ge 2 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
who=$1 user=$2 id=${3:-}
if [ "$who" = integrator ] && ! [[ $id =~ ^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$ ]]; then
  echo "an integrator has an id of lower-case letters, digits and inner hyphens" >&2
  exit 2
fi
found=no
while IFS=, read -r row resource pattern name operation; do
  [ "$row" = "$who" ] || continue
  found=yes
  command=("${KAFKA_ACLS:-kafka-acls.sh}" --bootstrap-server "${BOOTSTRAP:?}" --command-config "${CONFIG:?}"
    --add --allow-principal "User:$user" --resource-pattern-type "$pattern" "--$resource" "${name//'{id}'/$id}" --operation "$operation")
  if [ -n "${DRY:-}" ]; then echo "${command[*]}"; else "${command[@]}"; fi
done < "$(dirname "$0")/acls.csv"
[ "$found" = yes ] || { echo "$who is neither platform nor integrator" >&2; exit 2; }
