package counter

import "golang.org/x/sys/unix"

// adviseSmallPages keeps a fault from bringing in more than one page.
const adviseSmallPages = unix.MADV_NOHUGEPAGE
