//! What a statement is given: numbers, texts, bytes, each possibly none. Nothing else is in the tables.
//!
//! Never copies what it is given whole: a sealed change goes from here to the database.

use sqlx::{Arguments, Encode, Type};

/// One value. What is none still has its type: PostgreSQL asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number, a time, a yes (1) or no (0).
    Number(Option<i64>),
    /// A text.
    Text(Option<String>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

/// Adds a value as one of the databases takes it.
pub(super) fn add<A: Arguments>(arguments: &mut A, value: Value) -> Result<(), sqlx::Error>
where
    Option<i64>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
    Option<String>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
    Option<Vec<u8>>: for<'t> Encode<'t, A::Database> + Type<A::Database>,
{
    let added = match value {
        Value::Number(number) => arguments.add(number),
        Value::Text(text) => arguments.add(text),
        Value::Bytes(bytes) => arguments.add(bytes),
    };
    added.map_err(sqlx::Error::Encode)
}

macro_rules! values {
    ($($from:ty => $kind:ident($value:ident) $some:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                Self::$kind(Some($some))
            }
        }

        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Self::$kind(value.map(|$value| $some))
            }
        }
    )*};
}

values! {
    i64 => Number(number) number;
    bool => Number(yes) yes.into();
    &str => Text(text) text.to_owned();
    &String => Text(text) text.clone();
    String => Text(text) text;
    &[u8] => Bytes(bytes) bytes.to_vec();
    &Vec<u8> => Bytes(bytes) bytes.clone();
    Vec<u8> => Bytes(bytes) bytes;
}
