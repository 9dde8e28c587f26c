//go:build !linux

package counter

import "golang.org/x/sys/unix"

const adviseSmallPages = unix.MADV_NORMAL
