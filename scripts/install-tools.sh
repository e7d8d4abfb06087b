#!/usr/bin/env bash
# Installs what the lab, the demo and the tests use and this machine does not have, saying what it is for. Debian or Ubuntu, as root.
set -euo pipefail

if [[ $(id -u) != 0 ]]; then
  echo "root is needed: the lab makes network namespaces and starts container engines. Try: sudo $(realpath --relative-to=. "${WARP_CALLER:-$0}")" >&2
  exit 1
fi
if ! command -v dotnet > /dev/null; then
  echo "the .NET 10 SDK is needed (command 'dotnet'): https://learn.microsoft.com/dotnet/core/install/linux" >&2
  exit 1
fi

packages=()
need() {
  local command=$1 package=$2 why=$3
  if ! command -v "$command" > /dev/null; then
    echo "missing: $package ($why)"
    packages+=("$package")
  fi
}

need dockerd docker.io "the container engine of each runner of the lab"
need docker docker.io "its command line"
need containerd containerd "what the engine starts containers with"
need nft nftables "the rules that redirect, translate and guard the traffic of services"
need ip iproute2 "networks of the lab's machines"
need sysctl procps "network settings of the bench's hosts"
need tcpdump tcpdump "to look at what passes between the runners"
need docker-registry docker-registry "a real image registry for the tests"
need dnsmasq dnsmasq-base "a name server of the outside"
need busybox busybox-static "a second program that asks for names"
need nginx nginx-light "what the ingress is measured against"
need wrk wrk "the load of that measurement"
need curl curl "requests to public URLs"
need htpasswd apache2-utils "the logins of that registry"
need debootstrap debootstrap "to make the example's images without an image registry"
need ssh-keygen openssh-client "the key with which the tests' ssh client logs in at their ssh server"
need promtool prometheus "the checker of metrics and of alert rules"
need npm npm "to install the example's npm package pg"
need unshare util-linux "namespaces of the lab's machines"
[[ -n $(find /usr/lib -name libfaketimeMT.so.1 -print -quit) ]] || {
  echo "missing: faketime (a clock that jumps, for one process of the tests)"
  packages+=(faketime)
}
[[ -x $(compgen -G "/usr/lib/postgresql/*/bin/initdb" | head -1) ]] || {
  echo "missing: postgresql (the journal of several control nodes; the tests start servers of their own)"
  packages+=(postgresql)
}
[[ -f /usr/share/keyrings/debian-archive-keyring.gpg ]] || {
  echo "missing: debian-archive-keyring (to check what debootstrap downloads)"
  packages+=(debian-archive-keyring)
}

if ((${#packages[@]})); then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${packages[@]}" > /dev/null
fi
