use crate::sandbox::wire::Params;

/// The form of a report's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileType {
    Csv,
    Tab,
    Xml,
    Excel,
    Pdf,
}

/// A request to run a report, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RunRequest {
    pub(crate) file_type: FileType,
    /// Whether the file's first line names the columns.
    pub(crate) headers: bool,
    /// Whether the file's name holds the date.
    pub(crate) date: bool,
    /// Days until the file is deleted.
    pub(crate) delete_after: u8,
}

/// Why a report is not run; all of them 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RunRefusal {
    #[error("Invalid fileType. Use CSV, TAB, PDF, XML or Excel.")]
    FileType,
    #[error("Invalid deleteAfter. Value must be between 7-14.")]
    DeleteAfter,
    #[error("Invalid {0}. Use true or false.")]
    Flag(&'static str),
}

impl RunRequest {
    /// Reads the parameters of a request.
    pub(crate) fn read(params: &Params) -> Result<Self, RunRefusal> {
        let file_type = match params.text("fileType").map(str::to_ascii_uppercase).as_deref() {
            None | Some("CSV") => FileType::Csv,
            Some("TAB") => FileType::Tab,
            Some("XML") => FileType::Xml,
            Some("EXCEL") => FileType::Excel,
            Some("PDF") => FileType::Pdf,
            Some(_) => return Err(RunRefusal::FileType),
        };
        let delete_after = match params.integer("deleteAfter") {
            Ok(None) => 7,
            Ok(Some(days @ 7..=14)) => u8::try_from(days).map_err(|_| RunRefusal::DeleteAfter)?,
            Ok(Some(_)) | Err(_) => return Err(RunRefusal::DeleteAfter),
        };
        let flag = |name| params.flag(name).map_err(|_| RunRefusal::Flag(name));
        // Nothing of an older run is in the way of a new one here: every job has a file of its own.
        flag("overwrite")?;
        Ok(Self {
            file_type,
            headers: flag("includeHeaders")?.unwrap_or(false),
            date: flag("appendDate")?.unwrap_or(true),
            delete_after,
        })
    }
}

impl FileType {
    /// The ending of its name.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tab => "tab",
            Self::Xml => "xml",
            Self::Excel => "xls",
            Self::Pdf => "pdf",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bad_parameter_is_named() {
        let read = |text: &str| RunRequest::read(&Params::from_form(text.as_bytes()));
        assert_eq!(read("fileType=csv&deleteAfter=7").map(|run| run.file_type), Ok(FileType::Csv));
        assert_eq!(read("fileType=DOC"), Err(RunRefusal::FileType));
        assert_eq!(read("deleteAfter=15"), Err(RunRefusal::DeleteAfter));
        assert_eq!(read("includeHeaders=perhaps"), Err(RunRefusal::Flag("includeHeaders")));
    }
}
