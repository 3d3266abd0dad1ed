/// The web pages: the playground, the sessions, and the frame that they share with the pages about problems and about
/// the API.
///
/// A page is a text in `resources/pages`, put into the frame once, at the start. What it does in the browser is in plain
/// ES modules in `resources/static/ui`: no bundler, no framework, nothing from another host. The pages call the API as any
/// client does; nothing here knows about steps or sessions.
///
/// Client libraries of one file each are in `resources/static/clients` and served beside the pages.
@NullMarked
package dev.adagrad.pages;

import org.jspecify.annotations.NullMarked;
