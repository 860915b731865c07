//! text

pub(crate) fn read(_builder: &mut super::Builder) {}
