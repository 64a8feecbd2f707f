// SPDX-License-Identifier: Apache-2.0

/** A lake that others share: a REST catalog, and files in an S3-compatible storage. */
package io.philotes.samples.rest;
