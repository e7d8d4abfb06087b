#!/usr/bin/env bash
# Process 1 of a lab machine (its own network, mount, PID and UTS namespaces). $1: its /run on the disk, $2: its host name.
# It lives until its standard input ends, which is when the lab's process ends in whatever way; the kernel then ends every process of the machine,
# and with the last of them go its mounts, its network and its rules.
set -euo pipefail
hostname "$2"
mount --bind "$1" /run
mkdir -p /run/lock /run/cgroup
# A fresh sysfs shows this machine's network; the control groups hang below the old one and move over.
mount --rbind /sys/fs/cgroup /run/cgroup
mount -t sysfs sysfs /sys
mount --rbind /run/cgroup /sys/fs/cgroup
umount --recursive --lazy /run/cgroup
rmdir /run/cgroup
ip link set lo up
echo ready
while read -r _; do :; done
