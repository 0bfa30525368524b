#!/bin/sh
# Makes the fonts of this folder from Roboto, as Debian's package fonts-roboto-unhinted has it: Latin letters, signs and the
# replacement character, without hints and layout features, since gofpdf embeds outlines alone. Needs pyftsubset (fonttools).
# The soft hyphen, marks that reorder text and whatever else hides are left out: the pages show only what is in the fonts.
set -eu
cd "$(dirname "$0")"
from=${1:-/usr/share/fonts/truetype/roboto/unhinted}
characters=U+0020-007E,U+00A0-00AC,U+00AE-024F,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2032,U+2033,U+2039,U+203A
characters=$characters,U+2044,U+20AC,U+2116,U+2122,U+2212,U+221E,U+2248,U+2260,U+2264,U+2265,U+FFFD
subset() {
	pyftsubset "$from/$1" --output-file="$2" --unicodes="$characters" --layout-features= --no-hinting --notdef-outline \
		--drop-tables+=GDEF,GPOS,GSUB,DSIG,gasp,kern,hdmx,VDMX,LTSH --name-IDs=0,1,2,6 --no-recalc-timestamp --no-glyph-names
}
subset RobotoTTF/Roboto-Regular.ttf regular.ttf
subset RobotoTTF/Roboto-Bold.ttf bold.ttf
subset RobotoCondensed-Regular.ttf condensed.ttf
