"""Adds the signs of one font that another lacks: add_signs.py FONT SIGNS_FONT CODE_POINTS..."""

import sys

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

path, signs_path, *codes = sys.argv[1:]
font = TTFont(path, recalcTimestamp=False)
signs = TTFont(signs_path)
assert font["head"].unitsPerEm == signs["head"].unitsPerEm, "fonts of one size are needed"
shapes, names = signs.getGlyphSet(), signs.getBestCmap()
glyphs = font["glyf"]
for code in (int(code, 16) for code in codes):
    name = f"uni{code:04X}"
    # Composed signs refer to glyphs that this font does not have.
    outline, pen = DecomposingRecordingPen(shapes), TTGlyphPen(None)
    shapes[names[code]].draw(outline)
    outline.replay(pen)
    glyphs[name] = pen.glyph()
    font["hmtx"][name] = signs["hmtx"][names[code]]
    for table in font["cmap"].tables:
        table.cmap[code] = name
font.setGlyphOrder(glyphs.glyphOrder)
font.save(path)
