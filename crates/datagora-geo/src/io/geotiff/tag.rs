//! Numbers of TIFF tags and GeoKeys.
//!
//! TIFF 6.0 (Adobe, 1992); GeoTIFF 1.1 (OGC 19-008r4), annex A and clause 7; GDAL, *GTiff – GeoTIFF file format*.

pub(super) const NEW_SUBFILE_TYPE: u16 = 254;
pub(super) const IMAGE_WIDTH: u16 = 256;
pub(super) const IMAGE_LENGTH: u16 = 257;
pub(super) const BITS_PER_SAMPLE: u16 = 258;
pub(super) const COMPRESSION: u16 = 259;
pub(super) const PHOTOMETRIC: u16 = 262;
pub(super) const STRIP_OFFSETS: u16 = 273;
pub(super) const SAMPLES_PER_PIXEL: u16 = 277;
pub(super) const ROWS_PER_STRIP: u16 = 278;
pub(super) const STRIP_BYTE_COUNTS: u16 = 279;
pub(super) const PLANAR_CONFIGURATION: u16 = 284;
pub(super) const PREDICTOR: u16 = 317;
pub(super) const TILE_WIDTH: u16 = 322;
pub(super) const TILE_LENGTH: u16 = 323;
pub(super) const TILE_OFFSETS: u16 = 324;
pub(super) const TILE_BYTE_COUNTS: u16 = 325;
pub(super) const EXTRA_SAMPLES: u16 = 338;
pub(super) const SAMPLE_FORMAT: u16 = 339;
pub(super) const MODEL_PIXEL_SCALE: u16 = 33_550;
pub(super) const MODEL_TIEPOINT: u16 = 33_922;
pub(super) const MODEL_TRANSFORMATION: u16 = 34_264;
pub(super) const GEO_KEY_DIRECTORY: u16 = 34_735;
pub(super) const GEO_ASCII_PARAMS: u16 = 34_737;
pub(super) const GDAL_METADATA: u16 = 42_112;
pub(super) const GDAL_NODATA: u16 = 42_113;

pub(super) const KEY_MODEL_TYPE: u64 = 1024;
pub(super) const KEY_RASTER_TYPE: u64 = 1025;
pub(super) const KEY_CITATION: u64 = 1026;
pub(super) const KEY_GEODETIC_CRS: u64 = 2048;
pub(super) const KEY_GEODETIC_CITATION: u64 = 2049;
pub(super) const KEY_PROJECTED_CRS: u64 = 3072;
pub(super) const KEY_PROJECTED_CITATION: u64 = 3073;

/// A tag for messages, by its name in the specifications.
pub(super) fn name(tag: u16) -> String {
    let name = match tag {
        IMAGE_WIDTH => "ImageWidth",
        IMAGE_LENGTH => "ImageLength",
        BITS_PER_SAMPLE => "BitsPerSample",
        COMPRESSION => "Compression",
        STRIP_OFFSETS => "StripOffsets",
        SAMPLES_PER_PIXEL => "SamplesPerPixel",
        ROWS_PER_STRIP => "RowsPerStrip",
        STRIP_BYTE_COUNTS => "StripByteCounts",
        PLANAR_CONFIGURATION => "PlanarConfiguration",
        PREDICTOR => "Predictor",
        TILE_WIDTH => "TileWidth",
        TILE_LENGTH => "TileLength",
        TILE_OFFSETS => "TileOffsets",
        TILE_BYTE_COUNTS => "TileByteCounts",
        SAMPLE_FORMAT => "SampleFormat",
        MODEL_PIXEL_SCALE => "ModelPixelScale",
        MODEL_TIEPOINT => "ModelTiepoint",
        MODEL_TRANSFORMATION => "ModelTransformation",
        GEO_KEY_DIRECTORY => "GeoKeyDirectory",
        GEO_ASCII_PARAMS => "GeoAsciiParams",
        GDAL_METADATA => "GDAL_METADATA",
        GDAL_NODATA => "GDAL_NODATA",
        other => return format!("tag {other}"),
    };
    format!("tag {tag} ({name})")
}
