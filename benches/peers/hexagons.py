"""H3 cells of points: h3_res9."""
from common import *

lon, lat = points('places')
RESOLUTION = 9


def digest(cells):
    cells = np.asarray(cells).astype(np.uint64)
    return {'cells': str(len(cells)), 'xor': str(int(np.bitwise_xor.reduce(cells)))}


if ENGINE == 'h3ronpy':
    from h3ronpy.vector import coordinates_to_cells
    measure('h3ronpy', lambda: np.asarray(coordinates_to_cells(lat, lon, RESOLUTION)), digest)

elif ENGINE == 'polars-h3':
    import polars as pl, polars_h3 as ph
    frame = pl.DataFrame({'lat': lat, 'lng': lon})
    measure('polars-h3', lambda: frame.select(ph.latlng_to_cell('lat', 'lng', RESOLUTION)).to_series().to_numpy(), digest)

else:
    unknown()
