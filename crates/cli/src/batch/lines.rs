//! Cuts a stream into chunks of whole lines without holding more of it than it must.

use std::io::{self, ErrorKind, Read};

/// Longer lines are not read.
pub(super) const MAX_LINE: usize = 64 << 20;

/// How many bytes are asked for at a time.
const READ_SIZE: usize = 1 << 20;

/// One line without its line end.
pub(super) struct Line<'b> {
    /// The line's number in the stream, from 1.
    pub(super) number: usize,
    /// Its bytes.
    pub(super) bytes: &'b [u8],
}

/// What the stream gives next.
pub(super) enum Chunk<'b> {
    /// Lines that are not blank.
    Lines(Vec<Line<'b>>),
    /// A line longer than [`MAX_LINE`].
    TooLong {
        /// Its number, from 1.
        number: usize,
    },
}

/// Reads chunks of whole lines.
pub(super) struct LineReader<R> {
    reader: R,
    buffer: Vec<u8>,
    used: usize, // INVARIANT: not beyond the end of `buffer`; the bytes before were given out.
    line_number: usize,
}

impl<R: Read> LineReader<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), used: 0, line_number: 1 }
    }

    /// All whole lines that have arrived, waiting for one when there is none; nothing at the end.
    pub(super) fn next_chunk(&mut self) -> io::Result<Option<Chunk<'_>>> {
        self.buffer.drain(..self.used);
        self.used = 0;
        let mut searched = 0;
        loop {
            let unseen = self.buffer.get(searched..).unwrap_or_default();
            if let Some(last) = unseen.iter().rposition(|byte| *byte == b'\n') {
                return Ok(Some(self.take(searched + last + 1)));
            }
            searched = self.buffer.len();
            if searched > MAX_LINE {
                return self.skip_line().map(Some);
            }
            if self.read_more()? == 0 {
                return Ok((searched > 0).then(|| self.take(searched)));
            }
        }
    }

    fn take(&mut self, length: usize) -> Chunk<'_> {
        self.used = length;
        let taken = self.buffer.get(..length).unwrap_or_default();
        let mut lines = Vec::new();
        for bytes in taken.split_inclusive(|byte| *byte == b'\n') {
            let bytes = bytes.trim_ascii();
            if !bytes.is_empty() {
                lines.push(Line { number: self.line_number, bytes });
            }
            self.line_number += 1;
        }
        Chunk::Lines(lines)
    }

    fn skip_line(&mut self) -> io::Result<Chunk<'static>> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                self.used = end + 1;
                break;
            }
            self.buffer.clear();
            if self.read_more()? == 0 {
                break;
            }
        }
        let number = self.line_number;
        self.line_number += 1;
        Ok(Chunk::TooLong { number })
    }

    fn read_more(&mut self) -> io::Result<usize> {
        let filled = self.buffer.len();
        self.buffer.resize(filled + READ_SIZE, 0);
        let room = self.buffer.get_mut(filled..).unwrap_or_default();
        let read = loop {
            match self.reader.read(room) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        self.buffer.truncate(filled + *read.as_ref().unwrap_or(&0));
        read
    }
}
