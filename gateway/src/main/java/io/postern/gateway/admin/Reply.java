package io.postern.gateway.admin;

/** What a page comes to: an answer, or a stream that goes on. */
sealed interface Reply permits Answer, Following {}
