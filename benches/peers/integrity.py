"""Share of natural ground within 500 m of each cell that people have changed: functional_integrity."""
from common import *
from scipy import signal

CELL, RADIUS, TARGET = 5.0, 500.0, 0.25
cover = column('cover')
side = int(len(cover) ** 0.5)
cover = cover.reshape(side, side)
reach = int(RADIUS / CELL)
along = np.arange(-reach, reach + 1) * CELL
disc = (along[:, None] ** 2 + along ** 2 <= RADIUS ** 2).astype(float)


def digest(shares):
    known = shares[~np.isnan(shares)].astype(np.float32).astype(float)
    return {'cells': str(len(known)), 'reaching': str((known >= TARGET).sum()), 'shares': float(known.sum()),
            'squares': float((known ** 2).sum())}


if ENGINE in ('fftconvolve', 'oaconvolve'):
    convolve = getattr(signal, ENGINE)

    def operation():
        # Counts are whole: what the transform adds is rounded away.
        natural, ground = (np.rint(convolve(kind.astype(float), disc, mode='same')) for kind in (cover == 2, cover >= 2))
        with np.errstate(invalid='ignore'):
            return np.where(cover == 3, natural / ground, np.nan)
    measure('scipy', operation, digest)

else:
    unknown()
