"""Statistics of a raster by zone, cells weighted by the share in the zone: zonal."""
from common import *

west, north, columns, rows = column('heat_grid')
CELL = 20.0
heat = column('heat').reshape(int(rows), int(columns))
zones = polygons('communes')
WANTED = ['mean', 'sum', 'max']


def digest(table):
    return {name: float(np.sum(table[name])) for name in WANTED}


if ENGINE == 'exactextract':
    import warnings
    import exactextract, geopandas as gpd
    from exactextract.raster import NumPyRasterSource
    warnings.filterwarnings('ignore')
    frame = gpd.GeoDataFrame({'id': np.arange(len(zones))}, geometry=zones, crs=2154)
    raster = NumPyRasterSource(heat, xmin=west, xmax=west + columns * CELL, ymin=north - rows * CELL, ymax=north, srs_wkt=frame.crs.to_wkt())
    measure('exactextract', lambda: exactextract.exact_extract(raster, frame, WANTED, output='pandas'), digest)

else:
    unknown()
