// Package say holds texts for people in the two languages of Waarborg, and errors that are made of such texts. It knows
// nothing else, so that every package can speak both.
package say
