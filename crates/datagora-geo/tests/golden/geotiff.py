"""Makes geotiff/*.tif: one small raster in the many forms that GDAL writes.

rasterio 1.4.4 (GDAL 3.10.3), numpy 2.4. The number in band b, row r, column c is (31 b + 7 r + 3 c) mod 101, divided by
8 for floats, minus 50 for types with sign; it is missing where (r + 2 c) mod 11 = 0 if the file has NoData.
Run: pip install rasterio==1.4.4; python geotiff.py geotiff
"""

import pathlib
import sys

import numpy as np
import rasterio
from rasterio.transform import Affine

ROWS, COLUMNS = 37, 23
NORTH_UP = Affine(10, 0, 1_842_000, 0, -20, 5_175_000)
folder = pathlib.Path(sys.argv[1])


def numbers(bands, dtype, nodata):
    b, r, c = np.meshgrid(np.arange(bands), np.arange(ROWS), np.arange(COLUMNS), indexing="ij")
    values = (31 * b + 7 * r + 3 * c) % 101
    if np.dtype(dtype).kind in "if":
        values -= 50
    values = (values / 8 if np.dtype(dtype).kind == "f" else values).astype(dtype)
    if nodata is not None:
        values[(r + 2 * c) % 11 == 0] = nodata
    return values


def write(name, dtype, bands=1, nodata=None, transform=NORTH_UP, crs="EPSG:3946", after=None, values=None, **options):
    values = numbers(bands, dtype, nodata) if values is None else values
    profile = dict(driver="GTiff", height=ROWS, width=COLUMNS, count=bands, dtype=np.dtype(dtype).name, crs=crs, transform=transform)
    with rasterio.open(folder / f"{name}.tif", "w", nodata=nodata, **(profile | options)) as file:
        if values is not False:
            file.write(values)
        if after:
            after(file)


def about(file):
    file.descriptions = ("chaud & froid", None)
    file.units = ("Cel", "1")
    file.scales = (0.5, 1.0)
    file.offsets = (-10.0, 0.0)


tiles = dict(tiled=True, blockxsize=16, blockysize=16)
write("u8_big_endian", "u1", endianness="BIG")
write("u8_packbits_bands", "u1", 3, compress="PACKBITS", blockysize=5)
write("i8_deflate_2", "i1", 2, nodata=-128, compress="DEFLATE", predictor=2)
write("u16_tiles_deflate_2", "u2", nodata=65535, compress="DEFLATE", predictor=2, **tiles)
write("u16_big_endian_lzw_2", "u2", 2, endianness="BIG", compress="LZW", predictor=2, blockysize=8)
write("i16_lzw_2", "i2", 2, nodata=-9999, compress="LZW", predictor=2, blockysize=4)
write("u32_planes_lzw", "u4", 3, interleave="BAND", compress="LZW", **tiles)
write("i32_pixels_deflate_2", "i4", 3, nodata=-1e6, interleave="PIXEL", compress="DEFLATE", predictor=2, **tiles)
write("u64_planes_lzw_2", "u8", 2, nodata=2**63, interleave="BAND", compress="LZW", predictor=2, **tiles)
write("i64_big_endian", "i8", nodata=-(2**63), endianness="BIG", blockysize=8)
write("f32_pixels_deflate_3", "f4", 2, nodata=-3.4028234663852886e38, interleave="PIXEL", compress="DEFLATE", predictor=3, **tiles)
write("f32_big_endian_lzw_3", "f4", 2, endianness="BIG", compress="LZW", predictor=3, blockysize=8)
write("f64_deflate_3", "f8", nodata=float("nan"), compress="DEFLATE", predictor=3, blockysize=9)
write("f64_deflate_2", "f8", 2, compress="DEFLATE", predictor=2, interleave="BAND", blockysize=9)
write("f64_bigtiff", "f8", nodata=-1.25e10, BIGTIFF="YES", compress="DEFLATE", **tiles)
write("u8_pixel_is_point", "u1", compress="DEFLATE", after=lambda file: file.update_tags(AREA_OR_POINT="Point"))
write("i16_south_up", "i2", nodata=-9999, transform=Affine(10, 0, 1_842_000, 0, 20, 5_174_260), compress="DEFLATE", **tiles)
write("u16_degrees", "u2", crs="EPSG:4326", transform=Affine(0.01, 0, 4.7, 0, -0.005, 45.9), compress="DEFLATE")
write("u8_sparse", "u1", nodata=255, SPARSE_OK="TRUE", values=False, **tiles)
write("i16_about", "i2", 2, compress="DEFLATE", after=about)
write("u8_bonne", "u1", crs="+proj=bonne +lat_1=45 +lon_0=3 +datum=WGS84 +units=m", compress="DEFLATE")
write("u8_no_crs", "u1", crs=None, compress="DEFLATE")
write("refused_rotated", "u1", transform=Affine.translation(1_842_000, 5_175_000) * Affine.rotation(20) * Affine.scale(10, -20), compress="DEFLATE")
write("refused_not_placed", "u1", crs=None, transform=None, compress="DEFLATE")
write("refused_zstd", "u1", compress="ZSTD")
write("refused_complex", "c8", values=np.ones((1, ROWS, COLUMNS), "c8"), compress="DEFLATE")

with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
    write("refused_mask", "u1", compress="DEFLATE", after=lambda file: file.write_mask(np.eye(ROWS, COLUMNS) * 255 > 0))

# Overviews of 16 × 12 and 8 × 6: a Cloud Optimized GeoTIFF of tiles of 128, the least that the driver makes.
values = np.arange(150 * 300, dtype="f4").reshape(1, 150, 300)
values[0, 100:, :100] = -1
with rasterio.open(
    folder / "f32_cog.tif", "w", driver="COG", height=150, width=300, count=1, dtype="float32", nodata=-1, crs="EPSG:2154",
    transform=Affine(5, 0, 840_000, 0, -5, 6_520_000), compress="DEFLATE", predictor=3, blocksize=128,
    overview_resampling="NEAREST",
) as file:
    file.write(values)
