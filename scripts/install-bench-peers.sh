#!/usr/bin/env bash
# Installs what the bench compares the relay with, as far as this machine does not have it, saying what it is for. Debian or Ubuntu, as root.
# What cannot be installed is no error: the bench lists it as not measured. No package may start a service, now or at the next boot.
set -euo pipefail

if [[ $(id -u) != 0 ]]; then
  echo "root is needed: the bench makes network namespaces. Try: sudo $(realpath --relative-to=. "${WARP_CALLER:-$0}")" >&2
  exit 1
fi
export PATH=$PATH:/usr/sbin:/sbin

packages=()
need() {
  local program=$1 package=$2 why=$3
  if ! command -v "$program" > /dev/null && [[ ! -e $program ]]; then
    echo "missing: $package ($why)"
    packages+=("$package")
  fi
}

need ip iproute2 "the wire between the two hosts"
need tcpdump tcpdump "to look at what passes on it"
need unshare util-linux "the two hosts"
need sysctl procps "their network settings"
need haproxy haproxy "a peer: TLS for each connection"
need nginx nginx-light "a peer: TLS for each connection"
need /usr/lib/nginx/modules/ngx_stream_module.so libnginx-mod-stream "what nginx carries TCP with"
need stunnel4 stunnel4 "a peer: TLS and a thread for each connection"
need ssh openssh-client "a peer: all connections over one of SSH"
need sshd openssh-server "its other end"
need nebula nebula "a peer: an overlay network in user space"
need wireguard-go wireguard-go "a peer: WireGuard in user space"
need wg wireguard-tools "to configure it"
((${#packages[@]})) || exit 0

# Debian starts services at installation unless this program says no (invoke-rc.d(8)).
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq 2> /dev/null || true
for package in "${packages[@]}"; do
  apt-get install -y -qq --no-install-recommends "$package" > /dev/null 2>&1 || echo "not installed: $package" >&2
done

if command -v systemctl > /dev/null; then
  for package in "${packages[@]}"; do
    case $package in
      openssh-server) units=(ssh.service ssh.socket) ;;
      nginx-light) units=(nginx.service) ;;
      haproxy | stunnel4 | nebula) units=("$package.service") ;;
      *) units=() ;;
    esac
    for unit in "${units[@]}"; do
      systemctl disable "$unit" 2> /dev/null || true
    done
  done
fi
