#!/bin/sh
# Starts nginx on a local port with a configuration of its own, puts the suite to it, and stops it.
# More arguments go to `assize run`. ASSIZE: the program; PORT: the port (8099); BREAK: a sed
# command that changes nginx.conf, to see the suite fail.
set -eu
here=$(dirname "$0")
assize=${ASSIZE:-assize} port=${PORT:-8099}
dir=$(mktemp -d)
mkdir "$dir/tmp"
cp -R "$here/site" "$dir/site"
sed -e "s/@PORT@/$port/" -e "${BREAK:-}" "$here/nginx.conf" > "$dir/nginx.conf"
printf 'clerk:{PLAIN}not-a-secret\n' > "$dir/htpasswd"
as=                              # nobody is enough to serve files
if [ "$(id -u)" = 0 ]; then chown -R 65534:65534 "$dir"; as="setpriv --reuid=65534 --regid=65534 --clear-groups"; fi
PATH=$PATH:/usr/sbin
$as nginx -p "$dir" -c nginx.conf -e stderr 2> "$dir/error.log" &
nginx=$!
trap 'kill $nginx 2>/dev/null || :; wait $nginx 2>/dev/null || :; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
tries=0
until [ -s "$dir/nginx.pid" ]; do
    tries=$((tries + 1))
    if [ $tries -gt 300 ] || ! kill -0 $nginx 2>/dev/null; then cat "$dir/error.log" >&2; exit 3; fi
    sleep 0.1
done
"$assize" run --suite "$here/suite" --target-file "$here/assize.yaml" --base-url "http://127.0.0.1:$port" "$@"
