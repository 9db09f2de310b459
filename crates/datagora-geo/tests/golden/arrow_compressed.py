"""Makes arrow/*.arrows: 150 points as GeoArrow in compressed Arrow IPC streams.

pyarrow 26.0.1. Run: pip install pyarrow==26.0.1; python arrow_compressed.py arrow
"""

import pathlib
import sys

import pyarrow as pa

folder = pathlib.Path(sys.argv[1])
folder.mkdir(exist_ok=True)
positions = pa.StructArray.from_arrays([pa.array([1.0, 2.0, 3.0] * 50), pa.array([4.0, 5.0, 6.0] * 50)], ["x", "y"])
field = pa.field("geometry", positions.type, metadata={"ARROW:extension:name": "geoarrow.point"})
table = pa.table([positions], schema=pa.schema([field]))
for codec in ("lz4", "zstd"):
    options = pa.ipc.IpcWriteOptions(compression=codec)
    with pa.ipc.new_stream(str(folder / f"points_{codec}.arrows"), table.schema, options=options) as writer:
        writer.write_table(table)
