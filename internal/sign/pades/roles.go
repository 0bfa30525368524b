package pades

import "waarborg/internal/say"

var (
	num   = isKind(number)
	words = isKind(text)
	nums  = list(num)
	rect  = row(num, num, num, num)
	place = row(to("page"), isName("XYZ"), num, num, isKind(null))
	flate = isName("FlateDecode")
)

// rolesNL names the roles of objects in Dutch, for whoever wants to know what is wrong with a file.
var rolesNL = map[string]string{
	"catalog": "catalogus", "info": "gegevens", "attachment": "bijlage", "content of an attachment": "inhoud van een bijlage",
	"pages": "pagina's", "page": "pagina", "content of a page": "inhoud van een pagina", "resources": "hulpmiddelen", "transparency": "doorzichtigheid",
	"shading": "verloop", "function": "functie", "picture": "afbeelding", "palette": "palet", "outlines": "inhoudsopgave", "bookmark": "bladwijzer",
	"font": "lettertype", "font's characters": "tekens van een lettertype", "font's description": "beschrijving van een lettertype",
	"font's file": "bestand van een lettertype", "font's map": "tabel van een lettertype", "font's shapes": "vormen van een lettertype",
	"font's system": "stelsel van een lettertype",
}

func called(role string) say.Text { return say.Text{EN: role, NL: rolesNL[role]} }

// roles is what gofpdf writes for text, lines, pictures, links, bookmarks and attachments, object by object. What is not
// here is refused; add what a new kind of page needs, after thinking about what else it could show or do.
var roles = map[string]role{
	"catalog": {check: has("Type Pages Names", map[string]check{
		"Type": isName("Catalog"), "Pages": to("pages"), "Outlines": to("outlines"), "PageMode": isName("UseOutlines"),
		"PageLayout": isName("SinglePage", "OneColumn"),
		"Names": has("EmbeddedFiles", map[string]check{
			"EmbeddedFiles": has("Names", map[string]check{"Names": attachmentNames}),
		}),
	})},
	"info": {check: has("CreationDate ModDate", map[string]check{
		"Producer": words, "Title": words, "Subject": words, "Author": words, "Keywords": words, "Creator": words,
		"CreationDate": words, "ModDate": words,
	})},
	"attachment": {check: has("Type F UF EF Desc", map[string]check{
		"Type": isName("Filespec"), "F": words, "UF": words, "Desc": words, "EF": has("F", map[string]check{"F": to("content of an attachment")}),
	})},
	"content of an attachment": {stream: true, check: has("Type Length Filter Params", map[string]check{
		"Type": isName("EmbeddedFile"), "Length": num, "Filter": flate,
		"Params": has("Size", map[string]check{"CheckSum": words, "Size": num}),
	})},
	"pages": {check: has("Type Kids Count MediaBox", map[string]check{
		"Type": isName("Pages"), "Kids": list(to("page")), "Count": num, "MediaBox": rect,
	})},
	"page": {check: has("Type Parent Resources Contents", map[string]check{
		"Type": isName("Page"), "Parent": to("pages"), "MediaBox": rect, "Resources": to("resources"), "Annots": list(link),
		"Group":    has("", map[string]check{"Type": isName("Group"), "S": isName("Transparency"), "CS": isName("DeviceRGB")}),
		"Contents": to("content of a page"),
	})},
	"content of a page": {stream: true, check: has("Length", map[string]check{"Filter": flate, "Length": num})},
	"resources": {check: has("", map[string]check{
		"ProcSet": list(isName()), "Font": named("F", to("font")), "XObject": named("I", to("picture")),
		"ExtGState": named("GS", to("transparency")), "Shading": named("Sh", to("shading")),
		"ColorSpace": has("", nil), // always empty
	})},
	"transparency": {check: has("Type", map[string]check{"Type": isName("ExtGState"), "ca": num, "CA": num, "BM": isName()})},
	"shading": {check: has("ShadingType", map[string]check{
		"ShadingType": num, "ColorSpace": isName("DeviceRGB"), "Coords": nums, "Function": to("function"), "Extend": list(isKind(boolean)),
	})},
	"function": {check: has("FunctionType", map[string]check{"FunctionType": num, "Domain": nums, "C0": nums, "C1": nums, "N": num})},
	"picture": {stream: true, check: has("Type Subtype Width Height Length", map[string]check{
		"Type": isName("XObject"), "Subtype": isName("Image"), "Width": num, "Height": num, "BitsPerComponent": num, "Length": num,
		"ColorSpace": either(isName(), row(isName("Indexed"), isName("DeviceRGB"), num, to("palette"))),
		"Filter":     isName("FlateDecode", "DCTDecode"), "Decode": nums, "Mask": nums, "SMask": to("picture"),
		"DecodeParms": has("", map[string]check{"Predictor": num, "Colors": num, "BitsPerComponent": num, "Columns": num}),
	})},
	"palette": {stream: true, check: has("Length", map[string]check{"Filter": flate, "Length": num})},

	"font": {check: has("Type Subtype BaseFont", map[string]check{
		"Type": isName("Font"), "Subtype": isName("Type1", "Type0"), "BaseFont": isName(), "Encoding": isName("WinAnsiEncoding", "Identity-H"),
		"DescendantFonts": row(to("font's shapes")), "ToUnicode": to("font's characters"),
	})},
	"font's shapes": {check: has("Type Subtype BaseFont FontDescriptor", map[string]check{
		"Type": isName("Font"), "Subtype": isName("CIDFontType2"), "BaseFont": isName(), "CIDSystemInfo": to("font's system"),
		"FontDescriptor": to("font's description"), "DW": num, "W": list(either(num, nums)), "CIDToGIDMap": to("font's map"),
	})},
	"font's characters": {stream: true, check: has("Length", map[string]check{"Length": num})},
	"font's system":     {check: has("", map[string]check{"Registry": words, "Ordering": words, "Supplement": num})},
	"font's description": {check: has("Type FontName FontFile2", map[string]check{
		"Type": isName("FontDescriptor"), "FontName": isName(), "Ascent": num, "Descent": num, "CapHeight": num, "Flags": num, "FontBBox": rect,
		"ItalicAngle": num, "StemV": num, "MissingWidth": num, "FontFile2": to("font's file"),
	})},
	"font's map":  {stream: true, check: has("Length", map[string]check{"Length": num, "Filter": flate})},
	"font's file": {stream: true, check: has("Length", map[string]check{"Length": num, "Filter": flate, "Length1": num})},

	"outlines": {check: has("Type First Last", map[string]check{"Type": isName("Outlines"), "First": to("bookmark"), "Last": to("bookmark")})},
	"bookmark": {check: has("Title Parent Dest", map[string]check{
		"Title": words, "Parent": either(to("bookmark"), to("outlines")), "Prev": to("bookmark"), "Next": to("bookmark"),
		"First": to("bookmark"), "Last": to("bookmark"), "Dest": place, "Count": num,
	})},
}

// attachmentNames checks the list of attachments: a name and a reference for each.
func attachmentNames(w *walk, v value) error {
	for i, item := range v.items {
		f := words
		if i%2 == 1 {
			f = to("attachment")
		}
		if err := f(w, item); err != nil {
			return err
		}
	}
	if len(v.items)%2 == 1 {
		return errEnd
	}
	return isKind(array)(w, v)
}
