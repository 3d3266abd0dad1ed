/// Room outside of the heap, for data of a request or an answer that may be too large for memory: temporary files, and
/// arrays of numbers in them, block by block.
///
/// Pure Java over tensors. Nothing here outlives the process, and nothing is kept for later: a file has no name once it
/// is open.
@NullMarked
package dev.adagrad.spool;

import org.jspecify.annotations.NullMarked;
