//! A request as people read it.

use std::io::{self, Write};

use ringfence_policy::RequestContext;

use crate::output::Output;
use crate::text::visible;

/// Writes a request, one part a line, each behind `indent`.
pub(crate) fn write(
    writer: &mut (impl Write + ?Sized),
    request: &RequestContext,
    indent: &str,
    output: &Output,
) -> io::Result<()> {
    let faint = output.palette.faint;
    let mut line = |name: &str, text: &str| {
        writeln!(writer, "{indent}{faint}{name:<10}{faint:#}{}", visible(text))
    };
    line("principal", &request.caller.to_text())?;
    line("action", &request.action)?;
    line("resource", &request.resource)?;
    for (number, (key, value)) in request.context.iter().enumerate() {
        let name = if number == 0 { "context" } else { "" };
        line(name, &format!("{} = {}", key.as_written(), value.values().join(", ")))?;
    }
    Ok(())
}

/// A request on one line; what comes from outside is not made harmless yet.
pub(crate) fn in_a_line(request: &RequestContext) -> String {
    let mut line =
        format!("{} by {} on {}", request.action, request.caller.to_text(), request.resource);
    for (number, (key, value)) in request.context.iter().enumerate() {
        let before = if number == 0 { " with" } else { "," };
        line += &format!("{before} {} = {}", key.as_written(), value.values().join(" and "));
    }
    line
}
