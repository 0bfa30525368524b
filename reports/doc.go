// Package reports turns results into what people and machines read: a terminal table, Markdown, JSON. It decides
// nothing: every status comes from the assessment. Each form escapes hostile names for its own sink.
package reports
