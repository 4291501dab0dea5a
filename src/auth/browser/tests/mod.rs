mod pages;
mod walks;
