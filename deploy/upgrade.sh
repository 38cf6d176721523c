#!/bin/sh
# Upgrade while people use it: deploy/upgrade.sh /opt/opinovi-NEW, where the new version was unpacked.
# The database comes first, since each version works with the tables of the next; then one web process after the other.
set -eu
new=$1
make -C "$new" install
opinovi backup /var/backups/opinovi
ln -sfn "$new" /opt/opinovi
opinovi setup
for port in 8001 8002; do
    systemctl restart "opinovi-web@$port"
    tries=0
    until curl -fsS -o /dev/null "http://127.0.0.1:$port/-/health"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 120 ]; then
            echo "The web process on port $port does not answer: journalctl -u opinovi-web@$port" >&2
            exit 1
        fi
        sleep 1
    done
done
systemctl restart opinovi-worker
opinovi doctor
