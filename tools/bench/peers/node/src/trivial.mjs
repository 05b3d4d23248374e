// Does nothing: what remains is the runtime.
export const handler = async () => ({ statusCode: 204 });
