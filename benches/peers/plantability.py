"""Weighted scores of cells: plantability_exact, by exact shares; plantability_published, by the method of IA·rbre
(pixels of 1 m, windows of five about the north-western pixel of each cell, whole percentages, any contact blocks)."""
from common import *
import shapely

CELL = 5.0
west, north, cells = column('plantability_grid')
side = int(cells)
weights, blocking = column('plantability_factors').reshape(-1, 2).T
layers = [polygons(f'plantability_{number}') for number in range(len(weights))]


def digest(scores, **more):
    flat = scores.ravel()
    places = np.arange(len(flat)) % 1009 + 1
    sums = {'scores': flat.sum(), 'squares': (flat ** 2).sum(), 'placed': (flat * places).sum()}
    return {name: float(value) for name, value in sums.items()} | more


if TASK == 'plantability_exact' and ENGINE == 'exactextract':
    import warnings
    import exactextract, geopandas as gpd
    from exactextract.raster import NumPyRasterSource
    warnings.filterwarnings('ignore')
    south, east = north - side * CELL, west + side * CELL
    numbers = np.arange(side * side, dtype=np.float64).reshape(side, side)
    raster = NumPyRasterSource(numbers, xmin=west, xmax=east, ymin=south, ymax=north, srs_wkt=gpd.GeoSeries(crs=3946).crs.to_wkt())

    def shares(shapes):
        """Share of each cell that is covered; what overlaps is merged before."""
        covered = np.zeros(side * side)
        union = shapely.union_all(shapes)
        if not union.is_empty:
            frame = gpd.GeoDataFrame(geometry=[union], crs=3946)
            found = exactextract.exact_extract(raster, frame, ['values', 'coverage'], output='pandas')
            covered[found['values'][0].astype(np.int64)] = found['coverage'][0]
        return covered

    def operation():
        found = [shares(shapes) for shapes in layers]
        blocked = shares(np.concatenate([shapes for shapes, blocks in zip(layers, blocking) if blocks]))
        return found, sum(weight * share for weight, share in zip(weights, found)), blocked > 0.5

    def of_shares(answer):
        found, scores, blocked = answer
        squares = sum((share ** 2).sum() for share in found)
        return digest(scores, shares=float(np.sum(found)), squares_of_shares=float(squares), blocked=str(blocked.sum()))
    measure('exactextract', operation, of_shares)

elif TASK == 'plantability_published' and ENGINE == 'rasterio':
    from rasterio.features import rasterize
    from rasterio.transform import from_origin
    from scipy.ndimage import convolve1d
    pixels = int(side * CELL)
    transform, ones = from_origin(west, north, 1, 1), np.ones(5)

    def percents(shapes):
        burned = rasterize(shapes, (pixels, pixels), transform=transform, dtype='uint8') if len(shapes) else np.zeros((pixels, pixels), 'uint8')
        # A window of ones is the same in two steps, which takes a fifth of the time.
        counts = convolve1d(convolve1d(burned, ones, axis=0, mode='constant'), ones, axis=1, mode='constant')
        return (counts[::5, ::5] / 25 * 100).astype(np.int8)

    def operation():
        scores, blocked = np.zeros((side, side)), np.zeros((side, side), bool)
        for shapes, weight, blocks in zip(layers, weights, blocking):
            percent = percents(shapes)
            scores += weight * percent / 100
            if blocks:
                blocked |= percent > 0
        scores[blocked] = -5
        return scores
    measure('rasterio', operation, lambda scores: digest(scores, blocked=str((scores == -5).sum())))

else:
    unknown()
