// Package table is the table of the benchmark: figures, their ratios, goals, and how they are printed.
package table
